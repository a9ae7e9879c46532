import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const NEWLINE = 0x0a;
/** 64 KiB of a log take about 0.1 ms. */
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** A piece of a log that does not change any more, compressed where that makes it smaller. */
export class LogBlock {
  /** Position of its first byte, and how many lines end before it. */
  readonly start: number;
  readonly linesBefore: number;
  readonly length: number;
  /** How many lines end in it. */
  readonly lines: number;
  /** Whether its first byte is the first of a line. */
  readonly isLineStart: boolean;
  readonly #packed: Buffer;

  /** Copies the bytes. */
  constructor(bytes: Buffer, at: { readonly start: number; readonly linesBefore: number; readonly isLineStart: boolean }) {
    this.start = at.start;
    this.linesBefore = at.linesBefore;
    this.isLineStart = at.isLineStart;
    this.length = bytes.length;
    this.lines = countLines(bytes);
    const packed = zstdCompressSync(bytes, FAST);
    this.#packed = packed.length < bytes.length ? Buffer.from(packed) : Buffer.from(bytes);
  }

  /** Position after its last byte. */
  get end(): number {
    return this.start + this.length;
  }

  /** Bytes that it takes in memory. */
  get keptBytes(): number {
    return this.#packed.length;
  }

  /** Its bytes; not to be changed. */
  bytes(): Buffer {
    return this.#packed.length < this.length ? zstdDecompressSync(this.#packed) : this.#packed;
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
