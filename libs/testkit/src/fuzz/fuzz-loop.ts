import { getHeapStatistics } from 'node:v8';
import { garbageCollector } from '@minos/base';
import { FuzzRandom } from './fuzz-random.ts';
import type { FuzzInput, FuzzTarget } from './fuzz-target.ts';
import { shrinkInput } from './shrink-input.ts';

/** What a run of a target is to do. */
export interface FuzzPlan {
  readonly seed: number;
  readonly seconds: number;
  /** Number of the first input. */
  readonly firstRun: number;
  readonly maxRuns: number;
  /** CPU time that one input may take, ms. */
  readonly maxInputMs: number;
  /** An input that is not done after so long hangs; longer than `maxInputMs`, because the machine may be busy with something else. */
  readonly hangMs: number;
  /** How much more of the heap may be in use at the end than after the first inputs, MiB. */
  readonly maxGrowthMib: number;
}

/** What should not have happened. */
export interface FuzzFailure {
  readonly run: number;
  readonly message: string;
  /** The smallest input that was found to do the same; text, or bytes in hex. */
  readonly input: string;
}

/** What a run of a target came to. */
export interface FuzzReport {
  readonly runs: number;
  readonly growthMib: number;
  readonly slowestMs: number;
  readonly failure: FuzzFailure | undefined;
}

/** Inputs after which everything that is made once has been made. */
const WARM_RUNS = 200;
const SHRINK_TRIES = 2000;

/** Feeds a target until the time is over or something fails; `began` is called before each input. */
export async function runFuzzLoop(target: FuzzTarget, plan: FuzzPlan, began: (run: number) => void): Promise<FuzzReport> {
  const until = performance.now() + plan.seconds * 1000;
  const heap = heapMeter();
  let base = Number.NaN;
  let slowestMs = 0;
  let run = plan.firstRun;
  for (; run < plan.firstRun + plan.maxRuns && performance.now() < until; run++) {
    if (run === plan.firstRun + WARM_RUNS) base = heap();
    began(run);
    const input = target.generate(new FuzzRandom(plan.seed, run));
    const { message, ms } = await tryInput(target, input, plan);
    slowestMs = Math.max(slowestMs, ms);
    if (message !== undefined) {
      const failure = { run, message, input: await smallest(target, { input, message, plan }) };
      return { runs: run - plan.firstRun + 1, growthMib: 0, slowestMs, failure };
    }
  }
  const growthMib = Number.isNaN(base) ? 0 : heap() - base;
  const runs = run - plan.firstRun;
  const message = `${growthMib.toFixed(1)} MiB more are in use after ${runs} inputs`;
  const failure = growthMib > plan.maxGrowthMib ? { run, message, input: '' } : undefined;
  return { runs, growthMib, slowestMs, failure };
}

/** An input as it is shown to people. */
export function showInput(input: FuzzInput): string {
  return typeof input === 'string' ? input : input.toString('hex');
}

async function tryInput(
  target: FuzzTarget,
  input: FuzzInput,
  { maxInputMs }: FuzzPlan,
): Promise<{ readonly message: string | undefined; readonly ms: number }> {
  const before = process.threadCpuUsage();
  let message: string | undefined;
  try {
    await target.check(input);
  } catch (e) {
    message = describe(e);
  }
  const { user, system } = process.threadCpuUsage(before);
  const ms = (user + system) / 1000;
  if (message === undefined && ms > maxInputMs) message = `one input took ${Math.round(ms)} ms`;
  return { message, ms };
}

interface Failed {
  readonly input: FuzzInput;
  readonly message: string;
  readonly plan: FuzzPlan;
}

async function smallest(target: FuzzTarget, { input, message, plan }: Failed): Promise<string> {
  const isSame = async (candidate: FuzzInput): Promise<boolean> => {
    const found = await tryInput(target, candidate, plan);
    return found.message !== undefined && kindOf(found.message) === kindOf(message);
  };
  return showInput(await shrinkInput(input, isSame, message.startsWith('one input took') ? 20 : SHRINK_TRIES));
}

/** The part of a message that stays the same for smaller inputs. */
function kindOf(message: string): string {
  return message.split(/[:\d\n]/, 1)[0] ?? '';
}

function describe(e: unknown): string {
  if (typeof e !== 'object' || e === null || !('message' in e)) return String(e);
  const stack = 'stack' in e ? String(e.stack).split('\n').slice(1, 6).join('\n') : '';
  return `${String(e.message)}\n${stack}`;
}

function heapMeter(): () => number {
  const collect = garbageCollector();
  return () => {
    collect('full');
    collect('full');
    return getHeapStatistics().used_heap_size / 2 ** 20;
  };
}
