import { Worker } from 'node:worker_threads';
import { type FuzzPlan, type FuzzReport, showInput } from './fuzz-loop.ts';
import { FuzzRandom } from './fuzz-random.ts';

/** What may be asked for; the rest has defaults that suit a run among the unit tests. */
export type FuzzOptions = Partial<FuzzPlan>;

const DEFAULTS: FuzzPlan = {
  seed: 1,
  seconds: 3,
  firstRun: 0,
  maxRuns: Number.MAX_SAFE_INTEGER,
  maxInputMs: 3000,
  hangMs: 30_000,
  maxGrowthMib: 16,
};
const LOOK_EVERY_MS = 500;

/** Runs the target of a module (its URL) in a thread of its own, and says what should not have happened. Never leaves the thread behind. */
export async function runFuzz(module: string, options: FuzzOptions = {}): Promise<FuzzReport> {
  const plan = { ...DEFAULTS, ...options };
  const shared = new SharedArrayBuffer(8);
  const execArgv = ['--disable-warning=ExperimentalWarning'];
  const worker = new Worker(new URL('./fuzz-worker.ts', import.meta.url), { workerData: { module, plan, shared }, execArgv });
  const watch = hangWatch(new Int32Array(shared), plan.hangMs);
  try {
    return await new Promise<FuzzReport>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the thread of ${module} ended with ${code}`)));
      watch.hung.then((run) => resolve(hungReport(module, plan, run)), reject);
    });
  } finally {
    watch.stop();
    await worker.terminate();
  }
}

/** Says which input has not been done for too long. */
function hangWatch(current: Int32Array, hangMs: number): { readonly hung: Promise<number>; stop(): void } {
  const { promise, resolve } = Promise.withResolvers<number>();
  let count = -1;
  let since = performance.now();
  const timer = setInterval(() => {
    const now = Atomics.load(current, 1);
    if (now !== count) since = performance.now();
    else if (now > 0 && performance.now() - since > hangMs) resolve(Atomics.load(current, 0));
    count = now;
  }, LOOK_EVERY_MS);
  return { hung: promise, stop: () => clearInterval(timer) };
}

function hungReport(module: string, plan: FuzzPlan, run: number): FuzzReport {
  const message = `one input hangs: --seed ${plan.seed} --run ${run} of ${module}`;
  return { runs: run, growthMib: 0, slowestMs: plan.hangMs, failure: { run, message, input: '' } };
}

/** The input of a run, for those who want to look at it; the module is loaded into this thread. */
export async function fuzzInput(module: string, seed: number, run: number): Promise<string> {
  const { target } = await import(new URL(module).href);
  return showInput(target.generate(new FuzzRandom(seed, run)));
}
