import type { Clock } from '@minos/base';

/** While much comes in, readers together get so much in one turn. */
const TURN_BYTES = 128 * 1024;
const PIECE_BYTES = 32 * 1024;
const TURN_MS = 5;
/** A piece of this size means that more is waiting behind it. */
const MUCH_BYTES = 16 * 1024;
const BUSY_MS = 200;

/**
 * Sees to it that readers of logs never slow down their writers: while a log comes in faster than it is read, all readers
 * together get a bounded number of bytes in a time, whoever waits longest first. At other times nobody waits.
 */
export class FollowerPace {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #waiting: (() => void)[] = [];
  #left = TURN_BYTES;
  #isTurnBegun = false;
  #lastMuchMs = Number.NEGATIVE_INFINITY;

  /** When the signal is aborted, nobody waits any more. */
  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Told whenever bytes came in. */
  intake(bytes: number): void {
    if (bytes >= MUCH_BYTES) this.#lastMuchMs = this.#clock.monotonicMs();
  }

  /** Resolves when a reader may take so many bytes; never rejects. */
  async turn(bytes: number): Promise<void> {
    while (this.#isBusy() && this.#left <= 0) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        void this.#nextTurn();
      });
    }
    this.#left -= bytes;
    void this.#nextTurn();
  }

  #isBusy(): boolean {
    return !this.#signal.aborted && this.#clock.monotonicMs() - this.#lastMuchMs < BUSY_MS;
  }

  async #nextTurn(): Promise<void> {
    if (this.#isTurnBegun || !this.#isBusy()) return;
    this.#isTurnBegun = true;
    do {
      await this.#clock.sleep(TURN_MS, this.#signal).catch(() => undefined);
      this.#left = TURN_BYTES;
      for (const resume of this.#waiting.splice(0, this.#isBusy() ? TURN_BYTES / PIECE_BYTES : Infinity)) resume();
    } while (this.#waiting.length > 0);
    this.#isTurnBegun = false;
  }
}
