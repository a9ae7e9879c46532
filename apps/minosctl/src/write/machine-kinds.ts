import { StateDefinition } from '@minos/api/cosi';
import { MachineType, MachineTypeSpec } from '@minos/api/resource-specs';
import { isFault } from '@minos/base';
import { client } from '@minos/rpc';
import { forEachNode } from '../node-call/for-each-node.ts';
import type { NodeFailure } from '../node-call/node-failure.ts';
import { askReadiness } from '../node-call/node-readiness.ts';
import type { NodeSession } from '../node-call/session.ts';
import { findMembers, type Membership } from '../select/find-members.ts';
import type { MachineKind, Member } from '../select/member.ts';
import type { ControlPlaneHealth } from './write-plan.ts';

/** What is known of a node that is to be changed. */
export interface KnownMachine {
  readonly node: string;
  readonly hostname: string | undefined;
  /** Undefined for a machine without a configuration. */
  readonly kind: MachineKind | undefined;
}

/** The nodes of a write, and the cluster that they are in. */
export interface KnownMachines {
  readonly machines: readonly KnownMachine[];
  /** Nodes that could not say what they are. */
  readonly failures: readonly NodeFailure[];
  readonly members: readonly Member[];
}

const PARALLEL = 32;
const TIMEOUT_MS = 10_000;
const REQUEST = { namespace: 'config', type: 'MachineTypes.config.talos.dev', id: 'machine-type', options: {} };

/** Finds out what kind of machine each node is: by the members of the cluster, and by asking those that are none. */
export async function findMachines(session: NodeSession): Promise<KnownMachines> {
  const { members } = await membershipOf(session);
  const { answers, failures } = await forEachNode(session.nodes, PARALLEL, async (node): Promise<KnownMachine> => {
    const member = members.find(({ hostname, addresses }) => hostname === node || addresses.includes(node));
    if (member !== undefined) return { node, hostname: member.hostname, kind: member.type };
    return { node, hostname: undefined, kind: await askKind(session, node) };
  });
  const explained = failures.map(async ({ node, error }) => ({ node, error: await session.explain(error) }));
  return { machines: answers.map(({ value }) => value), failures: await Promise.all(explained), members };
}

/** The members; none when the endpoint cannot say: then every node is asked itself. */
async function membershipOf(session: NodeSession): Promise<Membership> {
  try {
    return await findMembers(session);
  } catch (e) {
    if (isFault(e, 'cancelled')) throw e;
    return { members: [], unasked: [] };
  }
}

async function askKind(session: NodeSession, node: string): Promise<MachineKind | undefined> {
  const state = client(session.channel, StateDefinition);
  try {
    const { resource } = await state.Get(REQUEST, { ...session.to(node), timeoutMs: TIMEOUT_MS });
    const { machineType } = MachineTypeSpec.decode(resource?.spec?.protoSpec ?? Buffer.alloc(0));
    if (machineType === MachineType.TYPE_UNKNOWN) return undefined;
    return machineType === MachineType.TYPE_WORKER ? 'worker' : 'controlplane';
  } catch (e) {
    if (isFault(e, 'missing')) return undefined;
    throw e;
  }
}

/** How each control plane of the cluster is; one that is to be changed and is no member counts too. */
export async function controlPlaneHealth(session: NodeSession, known: KnownMachines): Promise<readonly ControlPlaneHealth[]> {
  const named = known.machines.filter(({ kind }) => kind === 'controlplane').map(({ node }) => node);
  const others = known.members
    .filter(
      ({ type, hostname, addresses }) => type === 'controlplane' && !named.some((n) => n === hostname || addresses.includes(n)),
    )
    .map(({ address }) => address);
  return Promise.all(
    [...named, ...others].map(async (address) => {
      const readiness = await askReadiness(session.channel, address, session.signal);
      return { address, isHealthy: readiness.kind === 'ready' };
    }),
  );
}
