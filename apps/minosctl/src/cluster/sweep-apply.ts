import { readFile, rmdir } from 'node:fs/promises';
import { type Clock, Fault, hasCode } from '@minos/base';
import { type Holder, isStill } from './find-holders.ts';
import { removeGuardRoute } from './guard-route.ts';
import { mountsBelow } from './observe-leftovers.ts';
import { removeClusterFiles } from './remove-files.ts';
import { runTool, triesTool } from './run-tool.ts';
import type { SweepStep } from './sweep-plan.ts';

type Executors = { readonly [K in SweepStep['op']]: (step: Extract<SweepStep, { op: K }>) => Promise<void> };

/** How long a node has to end before it is killed. */
const TERM_MS = 8000;
const KILL_MS = 5000;
const STEP_MS = 20;

/** Takes away what a plan says; holders all at once, the rest in order. What is gone already is no failure. */
export async function applySweep(
  steps: readonly SweepStep[],
  deps: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const executors = sweepExecutors(deps.clock, deps.signal);
  const run = <K extends SweepStep['op']>(step: Extract<SweepStep, { op: K }>): Promise<void> => {
    // The table has an executor for each operation; the compiler cannot follow the pair through the union.
    const execute = executors[step.op as K] as (step: Extract<SweepStep, { op: K }>) => Promise<void>;
    return execute(step);
  };
  await Promise.all(steps.filter((step) => step.op === 'end-holder').map(run));
  for (const step of steps) if (step.op !== 'end-holder') await run(step);
}

function sweepExecutors(clock: Clock, signal: AbortSignal): Executors {
  return {
    'end-holder': ({ holder }) => endHolder(holder, clock, signal),
    'delete-link': async ({ name }) => {
      // A node's link goes with its network namespace, perhaps before we come to it.
      if (!(await triesTool('ip', ['link', 'del', name])) && (await triesTool('ip', ['link', 'show', name]))) {
        await runTool('ip', ['link', 'del', name]);
      }
    },
    'remove-cgroup': ({ path }) => again(clock, signal, () => gone(rmdir(path))),
    unmount: ({ path }) => unmount(path),
    'remove-route': ({ route }) => removeGuardRoute(route),
    'remove-files': async ({ identity }) => {
      const mounted = mountsBelow(await readFile('/proc/self/mountinfo', 'utf8'), identity.dir);
      if (mounted.length > 0) throw new Fault('precondition', `${mounted[0]} is still mounted; ${identity.dir} is left as it is`);
      await removeClusterFiles(identity);
    },
  };
}

async function endHolder(holder: Holder, clock: Clock, signal: AbortSignal): Promise<void> {
  for (const [name, ms] of [
    ['SIGTERM', TERM_MS],
    ['SIGKILL', KILL_MS],
  ] as const) {
    if (!(await isStill(holder))) return;
    try {
      process.kill(holder.pid, name);
    } catch (e) {
      if (!hasCode(e, 'ESRCH')) throw e;
    }
    const until = clock.monotonicMs() + ms;
    while (clock.monotonicMs() < until) {
      if (!(await isStill(holder))) return;
      await clock.sleep(STEP_MS, signal);
    }
  }
  throw new Fault('internal', `the holder of ${holder.node} (pid ${holder.pid}) does not end, not even by SIGKILL`);
}

/** Unmounts, now or, where something still holds it, as soon as that ends. */
async function unmount(path: string): Promise<void> {
  if (await triesTool('umount', [path])) return;
  const mountinfo = await readFile('/proc/self/mountinfo', 'utf8');
  if (mountsBelow(mountinfo, path).length > 0) await runTool('umount', ['--lazy', path]);
}

/** A cgroup is busy until the last of its killed processes is gone. */
async function again(clock: Clock, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const until = clock.monotonicMs() + KILL_MS;
  for (;;) {
    try {
      return await work();
    } catch (e) {
      if (!hasCode(e, 'EBUSY') || clock.monotonicMs() >= until) throw e;
    }
    await clock.sleep(STEP_MS, signal);
  }
}

async function gone(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (e) {
    if (!hasCode(e, 'ENOENT')) throw e;
  }
}
