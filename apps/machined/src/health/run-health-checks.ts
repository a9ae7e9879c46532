import { type Clock, Fault, isFault, messageOf } from '@minos/base';
import type { ClusterView, HealthNodes } from './cluster-view.ts';
import type { HealthCheck, Verdict } from './health-checks.ts';

/** What running the checks needs. */
export interface HealthRun {
  readonly checks: readonly HealthCheck[];
  readonly view: ClusterView;
  readonly nodes: HealthNodes;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

const POLL_MS = 5000;

/** Runs the checks one after another, each until it passes, and tells every change as a line; throws `deadline` when time is up. */
export async function* runHealthChecks(run: HealthRun, signal: AbortSignal): AsyncGenerator<string> {
  const { checks, nodes, clock, timeoutMs } = run;
  yield `discovered nodes: control planes ${listText(nodes.controlPlanes)}, workers ${listText(nodes.workers)}`;
  const endMs = clock.monotonicMs() + timeoutMs;
  for (const check of checks) {
    const what = `waiting for ${check.description}`;
    yield `${what}: ...`;
    for (let told = ''; ; ) {
      const verdict = await judge(check, run, signal);
      if (verdict.kind !== 'wait') {
        yield `${what}: ${verdict.kind === 'ok' ? 'OK' : 'SKIP'}`;
        break;
      }
      if (verdict.why !== told) yield `${what}: ${verdict.why}`;
      told = verdict.why;
      const leftMs = endMs - clock.monotonicMs();
      if (leftMs <= 0) throw new Fault('deadline', `the cluster is not healthy in time: ${what}: ${verdict.why}`);
      await clock.sleep(Math.min(POLL_MS, leftMs), signal);
    }
  }
}

async function judge(check: HealthCheck, { view, nodes }: HealthRun, signal: AbortSignal): Promise<Verdict> {
  try {
    return await check.judge(view, nodes, signal);
  } catch (e) {
    if (signal.aborted) throw e;
    if (isFault(e, 'denied')) return { kind: 'skip' };
    return { kind: 'wait', why: messageOf(e) };
  }
}

function listText(nodes: readonly string[]): string {
  return `[${nodes.join(' ')}]`;
}
