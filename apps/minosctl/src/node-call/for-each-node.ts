import type { NodeFailure } from './node-failure.ts';

/** What a node answered. */
export interface NodeAnswer<T> {
  readonly node: string;
  readonly value: T;
}

/** Answers and failures, each in the order of the nodes asked. */
export interface NodeAnswers<T> {
  readonly answers: readonly NodeAnswer<T>[];
  readonly failures: readonly NodeFailure[];
}

/** Does something on every node, at most `limit` at a time; a failure on one leaves the others alone. Never rejects. */
export async function forEachNode<T>(
  nodes: readonly string[],
  limit: number,
  work: (node: string) => Promise<T>,
): Promise<NodeAnswers<T>> {
  const answers: (NodeAnswer<T> | undefined)[] = nodes.map(() => undefined);
  const failures: (NodeFailure | undefined)[] = nodes.map(() => undefined);
  const queue = nodes.entries();
  const worker = async (): Promise<void> => {
    for (const [i, node] of queue) {
      try {
        answers[i] = { node, value: await work(node) };
      } catch (error) {
        failures[i] = { node, error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, nodes.length) }, worker));
  return { answers: answers.filter((a) => a !== undefined), failures: failures.filter((f) => f !== undefined) };
}
