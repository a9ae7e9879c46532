import { type Clock, orAborted } from '@minos/base';

/** A bell that one waits for: rings that come while nobody waits become one. */
export class Wake {
  #isRung = false;
  #waiting: (() => void) | undefined;

  /** Wakes who waits, or the next who does. */
  ring(): void {
    this.#isRung = true;
    this.#waiting?.();
  }

  /** Resolves at the next ring, at once when it rang already, or when the time is up; rejects with `cancelled` when aborted. */
  async next(signal: AbortSignal, atMost?: { readonly clock: Clock; readonly ms: number }): Promise<void> {
    if (!this.#isRung) {
      const rung = new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
      await (atMost === undefined ? orAborted(rung, signal) : firstOf(rung, atMost, signal));
    }
    this.#waiting = undefined;
    this.#isRung = false;
  }
}

async function firstOf(
  rung: Promise<void>,
  atMost: { readonly clock: Clock; readonly ms: number },
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const slept = atMost.clock.sleep(atMost.ms, AbortSignal.any([signal, stop.signal]));
  try {
    await Promise.race([rung, slept]);
  } finally {
    stop.abort();
    await slept.catch(() => undefined);
  }
}
