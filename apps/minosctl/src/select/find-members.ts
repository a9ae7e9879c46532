import { type Resource, StateDefinition } from '@minos/api/cosi';
import { MachineType, MemberSpec } from '@minos/api/resource-specs';
import { formatNetIp } from '@minos/resource';
import { type CallOptions, client, type RpcChannel } from '@minos/rpc';
import { collect } from '../node-call/collect.ts';
import type { NodeFailure } from '../node-call/node-failure.ts';
import type { Member } from './member.ts';

/** How to ask: the endpoint itself, or a node through it. */
export interface Asking {
  readonly channel: RpcChannel;
  /** Options of a call to a node; to the endpoint itself when undefined. */
  to(node: string | undefined): CallOptions;
}

/** Who is in the cluster, as far as its control planes could say. */
export interface Membership {
  readonly members: readonly Member[];
  /** Control planes that could not be asked; members that only they know are missing. */
  readonly unasked: readonly NodeFailure[];
}

const TIMEOUT_MS = 10_000;
const REQUEST = { namespace: 'cluster', type: 'Members.cluster.talos.dev', options: { labelQuery: [], idQuery: undefined } };

/**
 * Asks the endpoint who is a member, and then every control plane that comes up, since each knows those that it let in; `others`
 * are endpoints to ask too. Throws what the endpoint itself answers when it cannot say.
 */
export async function findMembers(asking: Asking, others: readonly string[] = []): Promise<Membership> {
  const found = new Map<string, Member>();
  const asked = new Set<string>();
  const unasked: NodeFailure[] = [];
  for (const member of await listMembers(asking, undefined)) found.set(member.hostname, member);
  const [own] = found.size === 1 ? found.values() : [];
  if (own !== undefined) for (const address of own.addresses) asked.add(address);
  for (const node of others.filter((other) => !isKnown(found, other))) await ask(node);
  for (;;) {
    const next = [...found.values()].find(
      ({ type, addresses }) => type === 'controlplane' && !addresses.some((a) => asked.has(a)),
    );
    if (next === undefined) break;
    for (const address of next.addresses) asked.add(address);
    await ask(next.address);
  }
  return { members: [...found.values()].sort(byName), unasked };

  async function ask(node: string): Promise<void> {
    try {
      for (const member of await listMembers(asking, node)) if (!found.has(member.hostname)) found.set(member.hostname, member);
    } catch (error) {
      unasked.push({ node, error });
    }
  }
}

async function listMembers({ channel, to }: Asking, node: string | undefined): Promise<readonly Member[]> {
  const state = client(channel, StateDefinition);
  const answers = await collect(state.List(REQUEST, { ...to(node), timeoutMs: TIMEOUT_MS }));
  return answers.map(({ resource }) => readMember(resource)).filter((member) => member !== undefined);
}

/** A member of the wire; undefined for one without an address. Pure. */
export function readMember(resource: Resource | undefined): Member | undefined {
  const { hostname, machineType, addresses } = MemberSpec.decode(resource?.spec?.protoSpec ?? Buffer.alloc(0));
  const texts = addresses.map(formatNetIp);
  const [address] = texts;
  if (address === undefined) return undefined;
  return { hostname, address, addresses: texts, type: machineType === MachineType.TYPE_WORKER ? 'worker' : 'controlplane' };
}

function isKnown(found: ReadonlyMap<string, Member>, node: string): boolean {
  return [...found.values()].some(({ hostname, addresses }) => hostname === node || addresses.includes(node));
}

/** `worker-2` before `worker-10`. */
function byName(a: Member, b: Member): number {
  return a.hostname.localeCompare(b.hostname, 'en', { numeric: true });
}
