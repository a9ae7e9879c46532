const FIRST_BYTES = 4 * 1024;
/** What a kill of machined may cost, when a service writes faster than the disk. */
const LIMIT_BYTES = 128 * 1024;
/** Of a log that says little no memory is kept. */
const LITTLE_BYTES = 16 * 1024;

/**
 * Bytes on their way to a disk: one buffer is filled while the other is written, so that a log that says much takes the
 * same memory again and again.
 */
export class WriteQueue {
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  #filling = Buffer.alloc(0);
  #filled = 0;
  #spare = Buffer.alloc(0);
  #writing: Promise<void> | undefined;

  /** `write` must be done with the bytes when it resolves, and must not reject. */
  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#write = write;
  }

  /** Copies the bytes; resolves when more may come. */
  async put(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      while (this.#filled >= LIMIT_BYTES) await this.#writing;
      const count = Math.min(bytes.length - from, LIMIT_BYTES - this.#filled);
      this.#makeRoom(count);
      this.#filling.set(bytes.subarray(from, from + count), this.#filled);
      this.#filled += count;
      from += count;
      this.#writing ??= this.#writeAll();
    }
  }

  /** Resolves when nothing waits any more. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#filled > 0) {
      const taken = this.#filling;
      const count = this.#filled;
      this.#filling = this.#spare;
      this.#filled = 0;
      await this.#write(taken.subarray(0, count));
      this.#spare = count < LITTLE_BYTES ? Buffer.alloc(0) : taken;
    }
    this.#writing = undefined;
  }

  #makeRoom(count: number): void {
    const needed = this.#filled + count;
    if (needed <= this.#filling.length) return;
    let size = Math.max(FIRST_BYTES, this.#filling.length);
    while (size < needed) size *= 2;
    const grown = Buffer.alloc(size);
    this.#filling.copy(grown, 0, 0, this.#filled);
    this.#filling = grown;
  }
}
