import { StateDefinition } from '@minos/api/cosi';
import { MachineServiceDefinition } from '@minos/api/machine';
import { Fault } from '@minos/base';
import { diagnosticType, machineStatusType, type ResourceType } from '@minos/resource';
import { type CallOptions, client, type RpcChannel } from '@minos/rpc';
import type { ClusterView } from './cluster-view.ts';

const TIMEOUT_MS = 5000;

/** The cluster through the API of this node, which passes calls on to the others. */
export function remoteView(channel: RpcChannel): ClusterView {
  const machine = client(channel, MachineServiceDefinition);
  const state = client(channel, StateDefinition);
  const to = (node: string, signal: AbortSignal): CallOptions => ({ metadata: { node }, signal, timeoutMs: TIMEOUT_MS });
  async function list<S>(type: ResourceType<S>, options: CallOptions): Promise<S[]> {
    const found: S[] = [];
    const request = { namespace: type.defaultNamespace, type: type.type, options: undefined };
    for await (const { resource } of state.List(request, options)) {
      if (resource?.spec !== undefined) found.push(type.codec.decode(resource.spec.protoSpec));
    }
    return found;
  }
  return {
    version: async (node, signal) => {
      const [message] = (await machine.Version({}, to(node, signal))).messages;
      if (message?.version === undefined) throw new Fault('unavailable', `${node} tells no version`);
      return { tag: message.version.tag, mode: message.platform?.mode ?? '' };
    },
    memoryKb: async (node, signal) => (await machine.Memory({}, to(node, signal))).messages[0]?.meminfo?.memtotal ?? 0n,
    diagnostics: async (node, signal) => (await list(diagnosticType, to(node, signal))).map(({ message }) => message),
    machineStatus: async (node, signal) => (await list(machineStatusType, to(node, signal)))[0],
  };
}
