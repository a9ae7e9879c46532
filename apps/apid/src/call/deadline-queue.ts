import { type Clock, isFault } from '@minos/base';

/** Something that must end at a time. */
export interface Expiring {
  expire(): void;
}

/** A deadline that was set; cancelling it twice does nothing. */
export interface Deadline {
  cancel(): void;
}

const TICK_MS = 20;

/**
 * The deadlines of all calls on one timer, to the next 20 ms: thousands of calls, each with a time of its own, would else mean
 * thousands of timers.
 */
export class DeadlineQueue {
  readonly #clock: Clock;
  readonly #ticks = new Map<number, Set<Expiring>>();
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Has `expire` called after so many milliseconds, or up to a tick later. */
  set(ms: number, expiring: Expiring): Deadline {
    const tick = Math.ceil((this.#clock.monotonicMs() + ms) / TICK_MS);
    const due = this.#ticks.get(tick) ?? new Set<Expiring>();
    due.add(expiring);
    this.#ticks.set(tick, due);
    this.#wake?.();
    return {
      cancel: () => {
        due.delete(expiring);
        if (due.size === 0 && this.#ticks.get(tick) === due) this.#ticks.delete(tick);
      },
    };
  }

  /** Serves the deadlines until it is aborted; sleeps while there are none. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
    while (!signal.aborted) {
      if (this.#ticks.size === 0) await this.#woken();
      try {
        await this.#clock.sleep(TICK_MS, signal);
      } catch (e) {
        if (isFault(e, 'cancelled')) return;
        throw e;
      }
      this.#expire(Math.floor(this.#clock.monotonicMs() / TICK_MS));
    }
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }

  #expire(now: number): void {
    for (const [tick, due] of this.#ticks) {
      if (tick > now) continue;
      this.#ticks.delete(tick);
      for (const expiring of due) expiring.expire();
    }
  }
}
