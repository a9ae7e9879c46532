import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Clock, isFault } from '@minos/base';

/** What is known about the process when it is decided whether to give memory back; times and sizes since the last step. */
export interface MemoryObservation {
  /** CPU time used in the last interval, as a share of it. */
  readonly cpuShare: number;
  readonly residentBytes: number;
  /** Resident right after the last trim; undefined before the first. */
  readonly afterTrimBytes: number | undefined;
  /** Since the last full collection; infinite before the first. */
  readonly sinceCollectMs: number;
}

export type TrimStep = 'nothing' | 'trim' | 'collect-and-trim';

const MIB = 1024 * 1024;
const FIRST_MS = 3000;
const EVERY_MS = 10_000;
const BUSY_CPU_SHARE = 0.1;
const TRIM_GROWTH_BYTES = 2 * MIB;
const COLLECT_GROWTH_BYTES = 8 * MIB;
const COLLECT_PAUSE_MS = 60_000;

/** Trims often (a few ms) and collects rarely (up to 300 ms when all daemons do it at once), and neither while busy; pure. */
export function trimStep(seen: MemoryObservation): TrimStep {
  if (seen.cpuShare > BUSY_CPU_SHARE) return 'nothing';
  if (seen.afterTrimBytes === undefined) return 'collect-and-trim';
  const grownBytes = seen.residentBytes - seen.afterTrimBytes;
  if (grownBytes >= COLLECT_GROWTH_BYTES && seen.sinceCollectMs >= COLLECT_PAUSE_MS) return 'collect-and-trim';
  return grownBytes >= TRIM_GROWTH_BYTES ? 'trim' : 'nothing';
}

/** What `trimWhenIdle` needs; `trimMemory` is that of the host's System port. */
export interface TrimDeps {
  readonly trimMemory: () => void;
  readonly clock: Clock;
}

/** Gives unused memory back to the kernel, some seconds after the call and after each burst, until aborted; never rejects for an abort. */
export async function trimWhenIdle(deps: TrimDeps, signal: AbortSignal): Promise<void> {
  let afterTrimBytes: number | undefined;
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
        sinceCollectMs: deps.clock.monotonicMs() - collectedMs,
      });
      waitMs = EVERY_MS;
      if (step === 'nothing') continue;
      if (step === 'collect-and-trim') {
        collectGarbage();
        collectedMs = deps.clock.monotonicMs();
      }
      deps.trimMemory();
      afterTrimBytes = process.memoryUsage.rss();
    }
  } catch (e) {
    if (!isFault(e, 'cancelled')) throw e;
  }
}

/** A full collection; the flag is set at run time because on the command line it would void V8's code cache. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect();
}
