import { Fault } from '@minos/base';

/** Takes exact numbers of bytes from chunks of any size. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Exactly `size` bytes; fewer only at the end of the source. For small sizes: it is held in memory. */
  async take(size: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = size;
    while (missing > 0) {
      const part = await this.#some(missing);
      if (part === undefined) break;
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** The next `size` bytes in pieces as they come; throws `data-loss` when the source ends before. */
  async *stream(size: number): AsyncGenerator<Buffer, void, undefined> {
    let missing = size;
    while (missing > 0) {
      const part = await this.#some(missing);
      if (part === undefined) throw new Fault('data-loss', 'the archive ends in the middle of a file');
      missing -= part.length;
      yield part;
    }
  }

  async #some(atMost: number): Promise<Buffer | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) return undefined;
      this.#rest = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
    const part = this.#rest.subarray(0, atMost);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }
}
