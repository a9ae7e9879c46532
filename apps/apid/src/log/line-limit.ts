import type { Clock, Logger } from '@minos/base';

/** Keeps those outside from filling the log: so many lines each second, beyond which they are only counted. */
export class LineLimit {
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #perSecond: number;
  #sinceMs: number;
  #lines = 0;
  #dropped = 0;

  constructor(log: Logger, clock: Clock, perSecond: number) {
    this.#log = log;
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#sinceMs = clock.monotonicMs();
  }

  /** Whether another line may be written; says with the first of a new second how many could not. */
  hasRoom(): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#sinceMs >= 1000) {
      if (this.#dropped > 0) this.#log.warn({ lines: this.#dropped }, 'lines were left out of the log');
      this.#sinceMs = nowMs;
      this.#lines = 0;
      this.#dropped = 0;
    }
    if (this.#lines++ < this.#perSecond) return true;
    this.#dropped++;
    return false;
  }
}
