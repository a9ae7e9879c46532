/** While logs come in, readers together get so much in one turn of the event loop, so that the next turn comes soon. */
const TURN_BYTES = 128 * 1024;
const BUSY_MS = 200;

/**
 * Sees to it that readers of logs never slow down their writers: while bytes come in, what readers get in one turn of the
 * event loop is bounded, whoever waits longest first. Where nothing comes in, nobody waits.
 */
export class FollowerPace {
  readonly #nowMs: () => number;
  readonly #waiting: (() => void)[] = [];
  #left = TURN_BYTES;
  #isTurnBegun = false;
  #lastIntakeMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Told whenever bytes came in. */
  intake(): void {
    this.#lastIntakeMs = this.#nowMs();
  }

  /** Resolves when a reader may take so many bytes; never rejects. */
  async turn(bytes: number): Promise<void> {
    if (this.#nowMs() - this.#lastIntakeMs > BUSY_MS) return;
    while (this.#left <= 0) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        this.#nextTurn();
      });
    }
    this.#left -= bytes;
    this.#nextTurn();
  }

  #nextTurn(): void {
    if (this.#isTurnBegun) return;
    this.#isTurnBegun = true;
    setImmediate(() => {
      this.#isTurnBegun = false;
      this.#left = TURN_BYTES;
      for (const resume of this.#waiting.splice(0, Math.ceil(TURN_BYTES / (32 * 1024)))) resume();
      if (this.#waiting.length > 0) this.#nextTurn();
    });
  }
}
