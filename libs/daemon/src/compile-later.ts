import { setFlagsFromString } from 'node:v8';

/** The compilers of V8; all are on unless something else is said. */
const COMPILERS = ['sparkplug', 'maglev', 'turbofan'] as const;
const LOOK_MS = 500;
const BUSY_SHARE = 0.5;
/** A program that is kept busy as soon as it serves is better off with compiled code soon. */
const BUSY_MS = 2000;
/** As long as one may take to serve. */
const MOST_MS = 10_000;

/** What is known of a process that starts: the time since then, and since it serves; and which share of the last interval its event loop was busy. */
export interface StartObservation {
  readonly sinceStartMs: number;
  /** Undefined before it serves. */
  readonly sinceReadyMs: number | undefined;
  readonly busyShare: number;
}

/** Whether a program has started: it serves and has been idle for once, or is simply busy; pure. */
export function hasStarted({ sinceStartMs, sinceReadyMs, busyShare }: StartObservation): boolean {
  const isServing = sinceReadyMs !== undefined && (busyShare < BUSY_SHARE || sinceReadyMs >= BUSY_MS);
  return isServing || sinceStartMs >= MOST_MS;
}

/**
 * Leaves all functions to V8's interpreter while this program starts: most of them run a few times, and to compile them costs more than it
 * gives (a tenth of the boot of an emulated machine). Compiles as ever when it has started. While it does, V8 takes no code cache, since
 * the flags differ from those under which it was made; so what has one is loaded before.
 */
export function compileLater(isReady: () => boolean): void {
  for (const compiler of COMPILERS) setFlagsFromString(`--no-${compiler}`);
  let before = performance.eventLoopUtilization();
  let readyMs: number | undefined;
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const busyShare = performance.eventLoopUtilization(now, before).utilization;
    before = now;
    const sinceStartMs = performance.now();
    if (isReady()) readyMs ??= sinceStartMs;
    const sinceReadyMs = readyMs === undefined ? undefined : sinceStartMs - readyMs;
    if (!hasStarted({ sinceStartMs, sinceReadyMs, busyShare })) return;
    clearInterval(timer);
    for (const compiler of COMPILERS) setFlagsFromString(`--${compiler}`);
  }, LOOK_MS);
  timer.unref();
}
