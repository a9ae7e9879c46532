import { Fault } from '@minos/base';

/** The longest frame of either side, its length word included (rootfs/init/README.md). */
export const FRAME_MAX_BYTES = 65_536;

/** Builds one frame of protocol v1: numbers little endian, texts as u16 length, bytes and a NUL. Throws `invalid` when it does not fit. */
export class WireWriter {
  #bytes: Buffer = Buffer.alloc(256);
  #length = 9;

  constructor(type: number, request: number) {
    this.#bytes.writeUInt8(type, 4);
    this.#bytes.writeUInt32LE(request, 5);
  }

  uint(value: number, bytes: 1 | 2 | 4): this {
    const limit = 2 ** (8 * bytes);
    if (!Number.isInteger(value) || value < 0 || value >= limit) {
      throw new Fault('invalid', 'a number does not fit its field', { value, bytes });
    }
    this.#grow(bytes);
    this.#bytes.writeUIntLE(value, this.#length, bytes);
    this.#length += bytes;
    return this;
  }

  uint64(value: bigint): this {
    this.#grow(8);
    this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, value), this.#length);
    this.#length += 8;
    return this;
  }

  text(value: string): this {
    const bytes = Buffer.from(value, 'utf8');
    if (bytes.includes(0)) throw new Fault('invalid', 'a text contains a NUL byte');
    this.uint(Math.min(bytes.length, FRAME_MAX_BYTES), 2);
    this.#grow(bytes.length + 1);
    bytes.copy(this.#bytes, this.#length);
    this.#bytes.writeUInt8(0, this.#length + bytes.length);
    this.#length += bytes.length + 1;
    return this;
  }

  texts(values: readonly string[]): this {
    this.uint(values.length, 2);
    for (const value of values) this.text(value);
    return this;
  }

  finish(): Buffer {
    this.#bytes.writeUInt32LE(this.#length - 4, 0);
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(more: number): void {
    const wanted = this.#length + more;
    if (wanted > FRAME_MAX_BYTES) throw new Fault('invalid', 'a request to init is too long', { limitBytes: FRAME_MAX_BYTES });
    if (wanted <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.min(FRAME_MAX_BYTES, Math.max(wanted, this.#bytes.length * 2)));
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }
}

/** Reads one frame without its length word. After the first missing or wrong byte `isBad` stays true and everything reads as 0 or ''. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;
  #bad = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isBad(): boolean {
    return this.#bad;
  }

  /** All was read, and all was there. */
  get isAtEnd(): boolean {
    return !this.#bad && this.#at === this.#bytes.length;
  }

  uint(bytes: 1 | 2 | 4): number {
    return this.#take(bytes)?.readUIntLE(0, bytes) ?? 0;
  }

  uint64(): bigint {
    return this.#take(8)?.readBigUInt64LE(0) ?? 0n;
  }

  text(): string {
    const bytes = this.#take(this.uint(2) + 1);
    if (bytes === undefined) return '';
    if (bytes.indexOf(0) !== bytes.length - 1) {
      this.#bad = true;
      return '';
    }
    return bytes.toString('utf8', 0, bytes.length - 1);
  }

  texts(): string[] {
    const values: string[] = [];
    for (let left = this.uint(2); left > 0 && !this.#bad; left--) values.push(this.text());
    return this.#bad ? [] : values;
  }

  #take(count: number): Buffer | undefined {
    if (this.#bad || this.#bytes.length - this.#at < count) {
      this.#bad = true;
      return undefined;
    }
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}
