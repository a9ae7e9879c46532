import type { Clock } from '@minos/base';

/** Another clock, whose wall time a script can move. */
export class SimulatedClock implements Clock {
  readonly #base: Clock;
  #offsetMs = 0;

  constructor(base: Clock) {
    this.#base = base;
  }

  now(): number {
    return this.#base.now() + this.#offsetMs;
  }

  monotonicMs(): number {
    return this.#base.monotonicMs();
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return this.#base.sleep(ms, signal);
  }

  /** Sets the wall time forward or back; nobody wakes up. */
  jump(ms: number): void {
    this.#offsetMs += ms;
  }
}
