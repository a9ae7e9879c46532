import { Fault } from '@minos/base';
import type { WaitNode } from './wait-node.ts';

/** The things of a graph by their ids. */
export type WaitGraph = ReadonlyMap<string, WaitNode>;

/**
 * From the subject to the deepest thing that is not met, over things that are not met; of chains of the same length the one of
 * the most important things. Empty when the subject is met. Pure; circles are cut.
 */
export function waitChain(graph: WaitGraph, subject: string): readonly string[] {
  return longest(graph, subject, new Set());
}

function longest(graph: WaitGraph, id: string, above: ReadonlySet<string>): readonly string[] {
  const node = graph.get(id);
  if (node === undefined || node.isMet || above.has(id)) return [];
  const path = new Set([...above, id]);
  let best: readonly string[] = [];
  for (const next of node.waitsFor) {
    const chain = longest(graph, next, path);
    if (chain.length > best.length) best = chain;
  }
  return [id, ...best];
}

/** All that the subject waits for, directly or not, and itself first; pure. */
export function waitsBelow(graph: WaitGraph, subject: string): readonly WaitNode[] {
  const found = new Map<string, WaitNode>();
  const queue = [subject];
  for (const id of queue) {
    const node = graph.get(id);
    if (node === undefined || found.has(id)) continue;
    found.set(id, node);
    queue.push(...node.waitsFor);
  }
  return [...found.values()];
}

/** The thing that somebody means: its id, or the last part of one; the machine when empty. Throws `missing` with what there is. */
export function findSubject(graph: WaitGraph, word: string): string {
  const wanted = word === '' ? 'machine' : word.toLowerCase();
  const ids = [...graph.keys()];
  const found =
    ids.find((id) => id.toLowerCase() === wanted) ??
    ids.find((id) => id.toLowerCase().split('/').at(-1) === wanted) ??
    ids.find((id) => id.toLowerCase().split('/').includes(wanted));
  if (found === undefined) throw new Fault('missing', `nothing here is called "${word}"; there are ${ids.sort().join(', ')}`);
  return found;
}
