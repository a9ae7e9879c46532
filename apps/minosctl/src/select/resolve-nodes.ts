import { Fault, messageOf } from '@minos/base';
import type { NodeFailure } from '../node-call/node-failure.ts';
import { askFacts } from './ask-facts.ts';
import { type Asking, findMembers } from './find-members.ts';
import type { Member } from './member.ts';
import { matches, neededFacts, parseTargets, type Target } from './selector.ts';

/** The nodes that the words of `--nodes` mean. */
export interface ResolvedNodes {
  readonly nodes: readonly string[];
  /** Whether a selector was among the words. */
  readonly isSelected: boolean;
  /** Nodes of which it could not be found out whether they are meant; they are left out. */
  readonly unknown: readonly NodeFailure[];
}

/**
 * The nodes that are meant, each once: names as they are, selectors by asking who is in the cluster. Throws `missing` when a
 * selector matches nobody and `precondition` when the endpoint knows nobody but itself.
 */
export async function resolveNodes(
  words: readonly string[],
  asking: Asking,
  endpoints: readonly string[],
): Promise<ResolvedNodes> {
  const targets = parseTargets(words);
  if (targets.every((target) => target.kind === 'name')) return { nodes: [...new Set(words)], isSelected: false, unknown: [] };
  const { members, unasked } = await findMembers(asking, endpoints);
  if (!members.some((member) => member.type === 'controlplane')) {
    throw new Fault(
      'precondition',
      'this endpoint knows no member but itself, as workers do, so that selectors mean nothing to it; go through a control plane: -e <control plane>',
      { reason: 'NO_MEMBERSHIP', hop: 'you → endpoint' },
    );
  }
  const wanted = neededFacts(targets);
  const known = await askFacts(asking, candidates(targets, members), wanted);
  const facts = new Map(known.members.map((member) => [member.address, member]));
  const nodes = targets.flatMap((target) => nodesOf(target, { members, facts, silent: known.failures }));
  return { nodes: [...new Set(nodes)], isSelected: true, unknown: [...unasked, ...known.failures] };
}

/** Members that could be meant, going by what is known without asking them. */
function candidates(targets: readonly Target[], members: readonly Member[]): readonly Member[] {
  return members.filter((member) =>
    targets.some(
      (target) =>
        target.kind === 'selector' &&
        matches(
          target.terms.filter((term) => term.kind === 'set'),
          member,
        ),
    ),
  );
}

interface Choice {
  readonly members: readonly Member[];
  /** Those who said what was asked, by address. */
  readonly facts: ReadonlyMap<string, Member>;
  readonly silent: readonly NodeFailure[];
}

function nodesOf(target: Target, { members, facts, silent }: Choice): readonly string[] {
  if (target.kind === 'name') return [members.find((member) => member.hostname === target.name)?.address ?? target.name];
  const found = members
    .map((member) => facts.get(member.address))
    .filter((member) => member !== undefined)
    .filter((member) => matches(target.terms, member));
  if (found.length > 0) return found.map((member) => member.address);
  const names = members.map(({ address, hostname }) => `${address} (${hostname})`).join(', ');
  const unanswered = silent.map(({ node, error }) => `${node} did not say: ${messageOf(error)}`).join('; ');
  throw new Fault('missing', `"${target.text}" matches none of the ${members.length} members: ${names}`, {
    reason: 'NOTHING_SELECTED',
    ...(unanswered === '' ? {} : { hop: 'endpoint → node', evidence: unanswered }),
    next: 'minosctl get members shows who is there, minosctl -n @all get nodelabelspecs their labels, minosctl -n @all version what they run',
  });
}
