import { afterLines, countLines, LogBlock } from './log-block.ts';

const FIRST_BYTES = 4 * 1024;
const NEWLINE = 0x0a;
const BLOCKS = 16;
/** Readers that are behind are behind by about as much: each block is unpacked once for them all. */
const UNPACKED = 2;

/**
 * The newest bytes of a log, at most `limitBytes`, addressed by their position since the beginning, in blocks that can be
 * compressed; what it forgets, it forgets by whole lines. Its memory grows with what it holds.
 */
export class LogRing {
  readonly #blockBytes: number;
  readonly #limitBytes: number;
  #blocks: LogBlock[] = [];
  #live = Buffer.alloc(0);
  #liveBytes = 0;
  #liveStart = 0;
  #liveLines = 0;
  #isLineStart = true;
  #lines = 0;
  #unpacked: { readonly block: LogBlock; readonly bytes: Buffer }[] = [];

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
    this.#blockBytes = Math.max(1, Math.floor(limitBytes / BLOCKS));
  }

  /** Position of the first byte that is kept; the beginning of a line. */
  get start(): number {
    return this.#blocks[0]?.start ?? this.#liveStart;
  }

  /** Position after the newest byte. */
  get end(): number {
    return this.#liveStart + this.#liveBytes;
  }

  /** How many lines end before `start`. */
  get linesBefore(): number {
    return this.#blocks[0]?.place.linesBefore ?? this.#liveLines;
  }

  /** What it takes in memory. */
  get keptBytes(): number {
    return this.#blocks.reduce((sum, block) => sum + block.keptBytes, this.#live.length);
  }

  append(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      if (this.#liveBytes >= this.#blockBytes) this.#seal();
      const count = Math.min(bytes.length - from, this.#blockBytes - this.#liveBytes);
      const part = bytes.subarray(from, from + count);
      this.#makeRoom(count);
      this.#live.set(part, this.#liveBytes);
      this.#liveBytes += count;
      this.#lines += countLines(part);
      from += count;
    }
    this.#forget();
  }

  /** At most `maxBytes` from a position that is kept, not to be changed; empty at the end. */
  read(from: number, maxBytes: number): Buffer {
    const at = Math.max(from, this.start);
    if (at >= this.#liveStart) {
      const offset = at - this.#liveStart;
      return Buffer.from(this.#live.subarray(offset, Math.min(this.#liveBytes, offset + maxBytes)));
    }
    const block = this.#blocks.find(({ end }) => end > at);
    return block === undefined ? Buffer.alloc(0) : this.#unpack(block).subarray(at - block.start, at - block.start + maxBytes);
  }

  /** Where the last `lines` lines begin; an unfinished last line counts as one. */
  tailPosition(lines: number): number {
    if (lines <= 0) return this.end;
    const hasUnfinished = this.#liveBytes > 0 ? this.#live[this.#liveBytes - 1] !== NEWLINE : !this.#isLineStart;
    const wanted = this.#lines + (hasUnfinished ? 1 : 0) - lines;
    if (wanted <= this.linesBefore) return this.start;
    if (wanted > this.#liveLines) {
      return this.#liveStart + afterLines(this.#live.subarray(0, this.#liveBytes), wanted - this.#liveLines);
    }
    const block = this.#blocks.findLast(({ place }) => place.linesBefore < wanted);
    return block === undefined ? this.start : block.start + afterLines(this.#unpack(block), wanted - block.place.linesBefore);
  }

  /** How many lines end before a position that is kept. */
  linesAt(position: number): number {
    const block = this.#blocks.find(({ end }) => end > position);
    if (position < this.start) return this.linesBefore;
    if (block !== undefined) return block.place.linesBefore + countLines(this.#unpack(block).subarray(0, position - block.start));
    return this.#liveLines + countLines(this.#live.subarray(0, position - this.#liveStart));
  }

  /** Compresses what does not change any more. */
  pack(): void {
    for (const block of this.#blocks) block.pack();
  }

  /** Ends the newest block, at the end of its last line where it has one. */
  #seal(): void {
    const newline = this.#live.lastIndexOf(NEWLINE, this.#liveBytes - 1);
    const length = newline < 0 ? this.#liveBytes : newline + 1;
    // Behind its last newline nothing ends.
    const lines = this.#lines - this.#liveLines;
    const at = { start: this.#liveStart, linesBefore: this.#liveLines, lines, isLineStart: this.#isLineStart };
    const block = new LogBlock(Buffer.from(this.#live.subarray(0, length)), at);
    this.#blocks.push(block);
    this.#live.copyWithin(0, length, this.#liveBytes);
    this.#liveBytes -= length;
    this.#liveStart = block.end;
    this.#liveLines += lines;
    this.#isLineStart = newline >= 0;
  }

  #makeRoom(count: number): void {
    const needed = this.#liveBytes + count;
    if (needed <= this.#live.length) return;
    let size = Math.max(Math.min(FIRST_BYTES, this.#blockBytes), this.#live.length);
    while (size < needed) size *= 2;
    const grown = Buffer.alloc(Math.min(size, this.#blockBytes));
    this.#live.copy(grown, 0, 0, this.#liveBytes);
    this.#live = grown;
  }

  /** What is left begins with the first byte of a line, unless the newest line alone is longer than a block. */
  #forget(): void {
    while (this.#blocks.length > 0 && (this.end - this.start > this.#limitBytes || this.#blocks[0]?.place.isLineStart === false))
      this.#blocks.shift();
  }

  #unpack(block: LogBlock): Buffer {
    const known = this.#unpacked.find((one) => one.block === block);
    if (known !== undefined) return known.bytes;
    const bytes = block.bytes();
    this.#unpacked = [{ block, bytes }, ...this.#unpacked].slice(0, UNPACKED);
    return bytes;
  }
}
