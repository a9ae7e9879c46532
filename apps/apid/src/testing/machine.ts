import { Data } from '@minos/api/common';
import {
  HostnameResponse,
  type LogsRequest,
  MachineServiceDefinition,
  RebootResponse,
  VersionResponse,
} from '@minos/api/machine';
import { type BoundService, bindService, type CallContext } from '@minos/rpc';

/** What a stand-in for machined has seen. */
export interface SeenCall {
  readonly method: string;
  header(name: string): readonly string[];
  readonly context: CallContext;
}

/** A stand-in for machined that answers a few methods by its name, and remembers who asked. */
export function testMachine(name: string, seen: SeenCall[] = []): BoundService {
  const note = (method: string, context: CallContext): void => {
    seen.push({ method, header: (key) => context.metadata.all(key), context });
  };
  return bindService(MachineServiceDefinition, {
    Version: async (_request, context) => {
      note('Version', context);
      return VersionResponse.fromPartial({ messages: [{ version: { tag: name } }] });
    },
    Hostname: async (_request, context) => {
      note('Hostname', context);
      return HostnameResponse.fromPartial({ messages: [{ hostname: name }] });
    },
    Reboot: async (_request, context) => {
      note('Reboot', context);
      return RebootResponse.fromPartial({ messages: [{}] });
    },
    Logs: async function* (request: LogsRequest, context) {
      note('Logs', context);
      for (let line = 0; line < 3; line++) yield Data.fromPartial({ bytes: Buffer.from(`${name} ${line}\n`) });
      if (request.follow) await new Promise((resolve) => context.signal.addEventListener('abort', resolve, { once: true }));
    },
  });
}
