import type { Clock } from '@minos/base';

/** How many wrong tokens one address may show, and how fast it may go on. */
export interface AttemptLimitOptions {
  readonly clock: Clock;
  /** Wrong tokens that are answered at once. */
  readonly burst: number;
  /** Time after which one more is answered, in milliseconds. */
  readonly refillMs: number;
  /** Addresses that are remembered; the one that was quiet longest is forgotten first. */
  readonly addresses: number;
}

interface Bucket {
  left: number;
  atMs: number;
}

/**
 * Slows down those who guess tokens, per address. One who tries every few seconds, as a node with a wrong token does, is
 * never refused, so that a corrected token works at once.
 */
export class AttemptLimit {
  readonly #options: AttemptLimitOptions;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: AttemptLimitOptions) {
    this.#options = options;
  }

  /** Whether this address may try now. */
  mayTry(address: string): boolean {
    const bucket = this.#buckets.get(address);
    return bucket === undefined || this.#refilled(bucket).left >= 1;
  }

  /** Counts a wrong token. */
  countWrong(address: string): void {
    const { burst, clock, addresses } = this.#options;
    const known = this.#buckets.get(address);
    const bucket = known === undefined ? { left: burst, atMs: clock.monotonicMs() } : this.#refilled(known);
    this.#buckets.delete(address);
    this.#buckets.set(address, { ...bucket, left: bucket.left - 1 });
    const oldest = this.#buckets.keys().next();
    if (this.#buckets.size > addresses && oldest.done === false) this.#buckets.delete(oldest.value);
  }

  #refilled(bucket: Bucket): Bucket {
    const { burst, refillMs, clock } = this.#options;
    const now = clock.monotonicMs();
    return { left: Math.min(burst, bucket.left + (now - bucket.atMs) / refillMs), atMs: now };
  }
}
