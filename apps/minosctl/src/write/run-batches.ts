import { Fault } from '@minos/base';
import type { Terminal } from '../cli/terminal.ts';
import { forEachNode } from '../node-call/for-each-node.ts';
import type { NodeFailure } from '../node-call/node-failure.ts';
import { askReadiness } from '../node-call/node-readiness.ts';
import type { NodeSession } from '../node-call/session.ts';
import type { Journal } from './journal.ts';
import type { WriteTarget } from './write-plan.ts';

/** What running a write needs. */
export interface BatchDeps {
  readonly session: NodeSession;
  readonly terminal: Terminal;
  readonly write: {
    mark?(node: string): Promise<string>;
    apply(node: string): Promise<string>;
  };
  readonly journal: Journal;
  readonly isRolling: boolean;
  /** Whether what is done is written down. */
  readonly isKept: boolean;
}

const PARALLEL = 32;
const HEALTHY_WITHIN_MS = 300_000;
const EVERY_MS = 250;

/**
 * Changes batch after batch; when one node of a batch fails or is not healthy again, the rest is left alone. Gives what failed,
 * the nodes that were not reached among it. What is done stands in the journal at every moment.
 */
export async function runBatches(batches: readonly (readonly WriteTarget[])[], deps: BatchDeps): Promise<readonly NodeFailure[]> {
  const { terminal, isRolling } = deps;
  for (const [i, batch] of batches.entries()) {
    const rest = batches.slice(i + 1).flat();
    const failures = await runBatch(batch, deps);
    if (terminal.signal.aborted) return [...failures, ...untouched(rest, 'interrupted before it was asked')];
    const isLast = rest.length === 0;
    const unhealthy = failures.length > 0 || isLast || !isRolling ? [] : await untilHealthy(batch, deps);
    if (failures.length + unhealthy.length > 0) {
      return [...failures, ...unhealthy, ...untouched(rest, 'left alone, because one before it failed')];
    }
  }
  return [];
}

async function runBatch(batch: readonly WriteTarget[], deps: BatchDeps): Promise<readonly NodeFailure[]> {
  const { session, terminal, write, journal } = deps;
  const { failures } = await forEachNode(
    batch.map(({ node }) => node),
    PARALLEL,
    async (node) => {
      if (terminal.signal.aborted) throw new Fault('cancelled', 'interrupted before it was asked', { reason: 'INTERRUPTED' });
      if (deps.isKept) await journal.asking(node, (await write.mark?.(node)) ?? '');
      const line = await write.apply(node);
      if (line !== '') await terminal.out(`${node}: ${line}\n`);
      if (deps.isKept) await journal.done(node);
    },
  );
  return Promise.all(failures.map(async ({ node, error }) => ({ node, error: await session.explain(error) })));
}

function untouched(targets: readonly WriteTarget[], why: string): readonly NodeFailure[] {
  return targets.map(({ node }) => ({ node, error: new Fault('aborted', why, { reason: 'NOT_ASKED', hop: 'you' }) }));
}

/** Waits until every node of a batch that is to come back runs and is ready; those that are not in time are failures. */
async function untilHealthy(batch: readonly WriteTarget[], deps: BatchDeps): Promise<readonly NodeFailure[]> {
  const waited = batch.filter(({ downtime }) => downtime !== 'stays-down');
  const { failures } = await forEachNode(
    waited.map(({ node }) => node),
    PARALLEL,
    (node) => nodeHealthy(node, deps),
  );
  return failures;
}

async function nodeHealthy(node: string, { session, terminal }: BatchDeps): Promise<void> {
  const { clock } = terminal;
  const endMs = clock.monotonicMs() + HEALTHY_WITHIN_MS;
  for (;;) {
    const found = await askReadiness(session.channel, node, session.signal);
    if (found.kind === 'ready') return;
    if (clock.monotonicMs() > endMs) {
      const evidence = found.reason;
      const fields = { reason: 'NOT_HEALTHY', hop: `${node} → service`, evidence, next: `minosctl -n ${node} why` };
      throw new Fault('deadline', `not healthy again after ${HEALTHY_WITHIN_MS / 1000} s`, fields);
    }
    terminal.progress(`${node}: ${found.reason}`);
    await clock.sleep(EVERY_MS, session.signal);
  }
}
