import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const NEWLINE = 0x0a;
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Where a block is in its log. */
export interface BlockPlace {
  /** Position of its first byte, and how many lines end before it. */
  readonly start: number;
  readonly linesBefore: number;
  /** How many lines end in it. */
  readonly lines: number;
  /** Whether its first byte is the first of a line. */
  readonly isLineStart: boolean;
}

/** A piece of a log that does not change any more: as it is, or compressed where that makes it smaller. */
export class LogBlock {
  readonly place: BlockPlace;
  readonly length: number;
  #plain: Buffer | undefined;
  #packed: Buffer | undefined;

  /** Keeps the bytes themselves. */
  constructor(bytes: Buffer, place: BlockPlace) {
    this.place = place;
    this.length = bytes.length;
    this.#plain = bytes;
  }

  get start(): number {
    return this.place.start;
  }

  /** Position after its last byte. */
  get end(): number {
    return this.place.start + this.length;
  }

  /** Bytes that it takes in memory. */
  get keptBytes(): number {
    return this.#packed?.length ?? this.length;
  }

  /** Compresses it; 64 KiB take about 0.1 ms. Nothing happens the second time. */
  pack(): void {
    if (this.#plain === undefined || this.#packed !== undefined) return;
    const packed = zstdCompressSync(this.#plain, FAST);
    if (packed.length >= this.#plain.length) {
      this.#packed = this.#plain;
      return;
    }
    // A copy, as the result may be the beginning of a larger buffer.
    this.#packed = Buffer.from(packed);
    this.#plain = undefined;
  }

  /** Its bytes; not to be changed. */
  bytes(): Buffer {
    return this.#plain ?? zstdDecompressSync(this.#packed ?? Buffer.alloc(0));
  }
}

/** How many lines end in the bytes; pure. */
export function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** Where in the bytes the line begins before which so many lines end; the length when there is none. Pure. */
export function afterLines(bytes: Uint8Array, lines: number): number {
  let at = 0;
  for (let left = lines; left > 0; left--) {
    const next = bytes.indexOf(NEWLINE, at);
    if (next < 0) return bytes.length;
    at = next + 1;
  }
  return at;
}
