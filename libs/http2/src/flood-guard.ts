import { ConnectionError, ErrorCode } from './error-code.ts';

/**
 * Counts what costs the receiver more than the sender (resets, pings, settings, empty frames, refused streams): a bucket that
 * holds `burst` and refills as many each second. Throws a ConnectionError `enhanceYourCalm` when it runs dry.
 */
export class FloodGuard {
  readonly #burst: number;
  readonly #now: () => number;
  #left: number;
  #at: number;

  constructor(burst: number, now: () => number) {
    this.#burst = burst;
    this.#now = now;
    this.#left = burst;
    this.#at = now();
  }

  /** Charges for one such frame. */
  strike(): void {
    if (--this.#left >= 0) return;
    const now = this.#now();
    this.#left = Math.min(this.#burst, Math.floor(((now - this.#at) * this.#burst) / 1000)) - 1;
    this.#at = now;
    if (this.#left < 0) throw new ConnectionError(ErrorCode.enhanceYourCalm, 'too many frames that carry nothing');
  }
}
