import { ConnectionError, ErrorCode } from './error-code.ts';

/** How much a guard lets through, and what it says when that is too little. */
export interface FloodGuardOptions {
  readonly burst: number;
  readonly perSecond: number;
  /** What there is too much of, for the other end. */
  readonly what: string;
  /** Called before it throws. */
  readonly onFlood: () => void;
  readonly now: () => number;
}

/**
 * Counts what costs the receiver more than the sender (resets, pings, settings, empty frames, refused streams): a bucket that
 * holds `burst` and refills by `perSecond`. Throws a ConnectionError `enhanceYourCalm` when it runs dry.
 */
export class FloodGuard {
  readonly #options: FloodGuardOptions;
  #left: number;
  #at: number;

  constructor(options: FloodGuardOptions) {
    this.#options = options;
    this.#left = options.burst;
    this.#at = options.now();
  }

  /** Charges for one such frame. */
  strike(): void {
    if (--this.#left >= 0) return;
    const { burst, perSecond, what, onFlood, now } = this.#options;
    const nowMs = now();
    this.#left = Math.min(burst, Math.floor(((nowMs - this.#at) * perSecond) / 1000)) - 1;
    this.#at = nowMs;
    if (this.#left >= 0) return;
    onFlood();
    throw new ConnectionError(ErrorCode.enhanceYourCalm, `too many ${what}`);
  }
}
