import { Data } from '@minos/api/common';
import {
  DebugContainerRunResponse,
  DebugServiceDefinition,
  EtcdRecoverResponse,
  HostnameResponse,
  MachineServiceDefinition,
  RebootResponse,
  SystemStatResponse,
  VersionResponse,
} from '@minos/api/machine';
import { Fault } from '@minos/base';
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
    Memory: async () => {
      throw new Fault('precondition', 'no memory of it: 100 % ü');
    },
    SystemStat: async (_request, context) => {
      note('SystemStat', context);
      await new Promise((resolve) => setTimeout(resolve, 400));
      return SystemStatResponse.fromPartial({ messages: [{}] });
    },
    LoadAvg: () => new Promise(() => undefined),
    EtcdRecover: async (parts, context) => {
      let bytes = 0;
      for await (const part of parts) bytes += part.bytes.length;
      note(`EtcdRecover ${bytes}`, context);
      return EtcdRecoverResponse.fromPartial({ messages: [{}] });
    },
    Read: async function* (request, context) {
      note('Read', context);
      const block = Buffer.alloc(64 * 1024, 'x');
      for (let count = Number(request.path); count > 0 && !context.signal.aborted; count--) {
        yield Data.fromPartial({ bytes: block });
        note('block', context);
      }
    },
    Logs: async function* (request, context) {
      note('Logs', context);
      for (let line = 0; line < 3; line++) yield Data.fromPartial({ bytes: Buffer.from(`${name} ${line}\n`) });
      if (request.follow) await new Promise((resolve) => context.signal.addEventListener('abort', resolve, { once: true }));
    },
  });
}

/** A stand-in for machined whose `ContainerRun` gives back what it gets, one by one. */
export function echoMachine(): BoundService {
  return bindService(DebugServiceDefinition, {
    ContainerRun: async function* (requests) {
      for await (const { request } of requests) {
        if (request?.$case === 'stdinData') {
          yield DebugContainerRunResponse.fromPartial({ resp: { $case: 'stdoutData', value: request.value } });
        }
      }
    },
  });
}
