/** Bytes of a file that grows: appending costs what is appended. */
export class GrowingBytes {
  #bytes: Buffer;
  #length: number;

  constructor(content: Uint8Array | string = '') {
    this.#bytes = Buffer.from(content);
    this.#length = this.#bytes.length;
  }

  get length(): number {
    return this.#length;
  }

  append(more: Uint8Array): void {
    if (this.#length + more.length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(1024, 2 * (this.#length + more.length)));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#bytes.set(more, this.#length);
    this.#length += more.length;
  }

  /** A copy of a range, cut at the end. */
  slice(from: number, to: number): Buffer {
    return Buffer.from(this.#bytes.subarray(Math.min(from, this.#length), Math.min(to, this.#length)));
  }
}
