/** Numbers that are the same for the same seed and run, everywhere (splitmix32). */
export class FuzzRandom {
  #state: number;

  constructor(seed: number, run = 0) {
    this.#state = (Math.imul(seed >>> 0, 0x9e3779b1) ^ Math.imul(run + 1, 0x85ebca6b)) >>> 0;
  }

  /** A whole number from 0 up to, and without, `below`. */
  below(below: number): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) % below;
  }

  /** True in one of `times` cases. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** One of these; throws when there is none. */
  pick<T>(from: readonly T[]): T {
    const index = this.below(Math.max(from.length, 1));
    if (index >= from.length) throw new TypeError('there is nothing to pick from');
    return from[index] as T;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}
