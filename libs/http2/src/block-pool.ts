/** Output buffers of one size, reused; at most `keep` of them wait for use. */
export class BlockPool {
  readonly blockBytes: number;
  readonly #keep: number;
  readonly #free: Buffer[] = [];

  constructor(blockBytes: number, keep: number) {
    this.blockBytes = blockBytes;
    this.#keep = keep;
  }

  /** A buffer with any content. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.blockBytes);
  }

  /** Hands back a buffer of this pool, or a part of one, that nobody reads or writes any more. */
  give(block: Buffer): void {
    if (this.#free.length >= this.#keep) return;
    this.#free.push(block.length === this.blockBytes ? block : Buffer.from(block.buffer, 0, this.blockBytes));
  }

  /** Gives up what waits for use. */
  trim(): void {
    this.#free.length = 0;
  }
}
