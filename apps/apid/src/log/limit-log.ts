import { type Clock, isFault, type Logger } from '@minos/base';

/** Counts of what ran into a limit, by the name of the limit. */
export class LimitCounts {
  readonly #counts = new Map<string, number>();

  /** One more. */
  hit(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  get all(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}

const EVERY_MS = 60_000;

/** Puts the counts into the log, at most once a minute and only when they changed, until it is aborted. */
export async function logLimits(
  { clock, log, counts }: { readonly clock: Clock; readonly log: Logger; readonly counts: () => ReadonlyMap<string, number> },
  signal: AbortSignal,
): Promise<void> {
  let before = 0;
  try {
    for (;;) {
      await clock.sleep(EVERY_MS, signal);
      const now = counts();
      const total = [...now.values()].reduce((sum, count) => sum + count, 0);
      if (total !== before) log.warn({ limits: Object.fromEntries(now) }, 'clients ran into limits');
      before = total;
    }
  } catch (e) {
    if (!isFault(e, 'cancelled')) throw e;
  }
}
