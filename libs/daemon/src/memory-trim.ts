import { type Clock, garbageCollector, isFault } from '@minos/base';

/** What is known about the process when it is decided whether to give memory back; times and sizes since the last step. */
export interface MemoryObservation {
  /** CPU time used in the last interval, as a share of it. */
  readonly cpuShare: number;
  readonly residentBytes: number;
  /** Resident right after the last trim of either kind; undefined before the first. */
  readonly afterTrimBytes: number | undefined;
  /** Resident right after the last collection. */
  readonly afterCollectBytes: number;
  /** Since the last full collection; infinite before the first. */
  readonly sinceCollectMs: number;
}

export type TrimStep = 'nothing' | 'trim' | 'collect-and-trim';

const MIB = 1024 * 1024;
const FIRST_MS = 3000;
const EVERY_MS = 10_000;
const BUSY_CPU_SHARE = 0.1;
const TRIM_GROWTH_BYTES = 2 * MIB;
const COLLECT_GROWTH_BYTES = 4 * MIB;
const COLLECT_PAUSE_MS = 60_000;

/** Trims often (a few ms) and collects rarely (up to 300 ms when all daemons do it at once), and neither while busy; pure. */
export function trimStep(seen: MemoryObservation): TrimStep {
  if (seen.cpuShare > BUSY_CPU_SHARE) return 'nothing';
  if (seen.afterTrimBytes === undefined) return 'collect-and-trim';
  const isDue = seen.sinceCollectMs >= COLLECT_PAUSE_MS;
  if (isDue && seen.residentBytes - seen.afterCollectBytes >= COLLECT_GROWTH_BYTES) return 'collect-and-trim';
  return seen.residentBytes - seen.afterTrimBytes >= TRIM_GROWTH_BYTES ? 'trim' : 'nothing';
}

/** What `trimWhenIdle` needs; `trimMemory` is that of the host's System port. */
export interface TrimDeps {
  readonly trimMemory: () => void;
  readonly clock: Clock;
}

/** Does what `trimWhenIdle` does until it is released. */
export function trimming(deps: TrimDeps): AsyncDisposable {
  const stop = new AbortController();
  const work = trimWhenIdle(deps, stop.signal);
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await work;
    },
  };
}

/** Gives unused memory back to the kernel, some seconds after the call and after each burst, until aborted; never rejects for an abort. */
export async function trimWhenIdle(deps: TrimDeps, signal: AbortSignal): Promise<void> {
  let afterTrimBytes: number | undefined;
  let afterCollectBytes = 0;
  let collectedMs = Number.NEGATIVE_INFINITY;
  let waitMs = FIRST_MS;
  try {
    for (;;) {
      const cpuBefore = process.cpuUsage();
      await deps.clock.sleep(waitMs, signal);
      const cpu = process.cpuUsage(cpuBefore);
      const step = trimStep({
        cpuShare: (cpu.user + cpu.system) / 1000 / waitMs,
        residentBytes: process.memoryUsage.rss(),
        afterTrimBytes,
        afterCollectBytes,
        sinceCollectMs: deps.clock.monotonicMs() - collectedMs,
      });
      waitMs = EVERY_MS;
      if (step === 'nothing') continue;
      if (step === 'collect-and-trim') {
        garbageCollector()('full');
        collectedMs = deps.clock.monotonicMs();
      }
      deps.trimMemory();
      afterTrimBytes = process.memoryUsage.rss();
      if (step === 'collect-and-trim') afterCollectBytes = afterTrimBytes;
    }
  } catch (e) {
    if (!isFault(e, 'cancelled')) throw e;
  }
}
