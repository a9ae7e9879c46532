import { messageOf, systemClock } from '@minos/base';

/** How long to go on trying, and how often. */
export interface EventuallyOptions {
  readonly withinMs: number;
  readonly everyMs?: number;
}

/** Repeats a check until it returns without throwing, and hands back what it returned; throws its last error after `withinMs`. */
export async function eventually<T>(check: () => T | Promise<T>, options: EventuallyOptions): Promise<T> {
  const until = systemClock.monotonicMs() + options.withinMs;
  for (;;) {
    try {
      return await check();
    } catch (e) {
      if (systemClock.monotonicMs() >= until) throw new Error(`not within ${options.withinMs} ms: ${messageOf(e)}`, { cause: e });
    }
    await systemClock.sleep(options.everyMs ?? 20, new AbortController().signal);
  }
}
