import { StateDefinition } from '@minos/api/cosi';
import { Empty } from '@minos/api/google';
import { MachineServiceDefinition } from '@minos/api/machine';
import { client } from '@minos/rpc';
import { resourceView } from '../get/resource-view.ts';
import { collect } from '../node-call/collect.ts';
import { forEachNode } from '../node-call/for-each-node.ts';
import type { NodeFailure } from '../node-call/node-failure.ts';
import type { Asking } from './find-members.ts';
import type { Member } from './member.ts';

/** Members with what they said of themselves, and those that did not. */
export interface KnownMembers {
  readonly members: readonly Member[];
  readonly failures: readonly NodeFailure[];
}

const TIMEOUT_MS = 10_000;
const PARALLEL = 32;
const LABELS = { namespace: 'k8s', type: 'NodeLabelSpecs.k8s.talos.dev', options: { labelQuery: [], idQuery: undefined } };

/** Asks members for their version and their labels, as far as wanted; one that does not answer is a failure and no member any more. */
export async function askFacts(
  asking: Asking,
  members: readonly Member[],
  wanted: { readonly version: boolean; readonly labels: boolean },
): Promise<KnownMembers> {
  if (!wanted.version && !wanted.labels) return { members, failures: [] };
  const byAddress = new Map(members.map((member) => [member.address, member]));
  const { answers, failures } = await forEachNode([...byAddress.keys()], PARALLEL, async (node) => {
    const version = wanted.version ? await versionOf(asking, node) : undefined;
    const labels = wanted.labels ? await labelsOf(asking, node) : undefined;
    return { ...(version === undefined ? {} : { version }), ...(labels === undefined ? {} : { labels }) };
  });
  const known = answers.flatMap(({ node, value }) => {
    const member = byAddress.get(node);
    return member === undefined ? [] : [{ ...member, ...value }];
  });
  return { members: known, failures };
}

async function versionOf({ channel, to }: Asking, node: string): Promise<string> {
  const machine = client(channel, MachineServiceDefinition);
  const { messages } = await machine.Version(Empty.create(), { ...to(node), timeoutMs: TIMEOUT_MS });
  return messages[0]?.version?.tag ?? '';
}

async function labelsOf({ channel, to }: Asking, node: string): Promise<ReadonlyMap<string, string>> {
  const state = client(channel, StateDefinition);
  const answers = await collect(state.List(LABELS, { ...to(node), timeoutMs: TIMEOUT_MS }));
  return new Map(
    answers.map(({ resource }) => {
      const { id, spec } = resourceView(resource);
      const value = typeof spec === 'object' && spec !== null && 'value' in spec ? spec['value'] : undefined;
      return [id, typeof value === 'string' ? value : ''];
    }),
  );
}
