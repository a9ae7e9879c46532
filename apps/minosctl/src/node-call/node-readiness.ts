import { type Resource, StateDefinition } from '@minos/api/cosi';
import { Empty } from '@minos/api/google';
import { MachineServiceDefinition } from '@minos/api/machine';
import { MachineStatusSpec, MemberSpec, RuntimeMachineStage } from '@minos/api/resource-specs';
import { isFault, messageOf } from '@minos/base';
import { type CallOptions, client, type RpcChannel } from '@minos/rpc';
import { collect } from './collect.ts';

/** Short: who asks asks again. */
const TIMEOUT_MS = 2000;

/** How far a node is. */
export type NodeReadiness =
  | { readonly kind: 'ready'; readonly version: string }
  | { readonly kind: 'waiting'; readonly reason: string };

/** What a machine says of itself; pure. */
export function machineReadiness(spec: MachineStatusSpec, version: string): NodeReadiness {
  if (spec.stage !== RuntimeMachineStage.MACHINE_STAGE_RUNNING) {
    const stage = Object.entries(RuntimeMachineStage).find(([, value]) => value === spec.stage)?.[0] ?? 'UNKNOWN';
    return { kind: 'waiting', reason: stage.replace('MACHINE_STAGE_', '').toLowerCase() };
  }
  if (spec.status?.ready === true) return { kind: 'ready', version };
  const unmet = (spec.status?.unmetConditions ?? []).map(({ name, reason }) => `${name}: ${reason}`);
  return { kind: 'waiting', reason: unmet.length === 0 ? 'running, not ready' : unmet.join(', ') };
}

/** Asks a node, through the endpoint, whether it runs and is ready; an answer of any kind, errors included, is a readiness. */
export async function askReadiness(channel: RpcChannel, node: string, signal: AbortSignal): Promise<NodeReadiness> {
  const options: CallOptions = { metadata: { node }, timeoutMs: TIMEOUT_MS, signal };
  try {
    const machine = client(channel, MachineServiceDefinition);
    const { messages } = await machine.Version(Empty.create(), options);
    const state = client(channel, StateDefinition);
    const request = { namespace: 'runtime', type: 'MachineStatuses.runtime.talos.dev', id: 'machine', options: {} };
    const { resource } = await state.Get(request, options);
    return machineReadiness(MachineStatusSpec.decode(specBytes(resource)), messages[0]?.version?.tag ?? '');
  } catch (e) {
    if (signal.aborted) throw e;
    const isSilent = isFault(e, 'unavailable') || isFault(e, 'deadline');
    return { kind: 'waiting', reason: isSilent ? 'its API does not answer yet' : `its API answers: ${messageOf(e)}` };
  }
}

/** The host names that a control plane knows as members; none while it cannot say. */
export async function askMembers(channel: RpcChannel, node: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const state = client(channel, StateDefinition);
  const request = { namespace: 'cluster', type: 'Members.cluster.talos.dev', options: { labelQuery: [], idQuery: undefined } };
  try {
    const answers = await collect(state.List(request, { metadata: { node }, timeoutMs: TIMEOUT_MS, signal }));
    return new Set(answers.map(({ resource }) => MemberSpec.decode(specBytes(resource)).hostname));
  } catch (e) {
    if (signal.aborted) throw e;
    return new Set();
  }
}

function specBytes(resource: Resource | undefined): Buffer {
  return resource?.spec?.protoSpec ?? Buffer.alloc(0);
}
