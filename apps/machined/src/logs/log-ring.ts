const FIRST_BYTES = 16 * 1024;
const NEWLINE = 0x0a;

/**
 * The newest bytes of a log, at most `limitBytes`, addressed by their position since the beginning. What it forgets, it
 * forgets by whole lines. Its memory starts small and grows to the limit.
 */
export class LogRing {
  readonly #limitBytes: number;
  #buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Position of the first byte that is kept; the beginning of a line. */
  get start(): number {
    return this.#start;
  }

  /** Position after the newest byte. */
  get end(): number {
    return this.#end;
  }

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const kept = bytes.length > this.#limitBytes ? lastLines(bytes, this.#limitBytes) : bytes;
    this.#end += bytes.length - kept.length;
    if (kept.length < bytes.length) this.#start = this.#end;
    this.#makeRoom(kept.length);
    const at = this.#end % this.#buffer.length;
    const head = Math.min(kept.length, this.#buffer.length - at);
    this.#buffer.set(kept.subarray(0, head), at);
    this.#buffer.set(kept.subarray(head), 0);
    this.#end += kept.length;
  }

  /** A copy of at most `maxBytes` from a position that is kept; empty at the end. */
  read(from: number, maxBytes: number): Buffer {
    const until = Math.min(this.#end, Math.max(from, this.#start) + maxBytes);
    return this.#copy(Math.max(from, this.#start), until);
  }

  /** Where the last `lines` lines begin; an unfinished last line counts as one. */
  tailPosition(lines: number): number {
    if (lines <= 0) return this.#end;
    let position = this.#end - 1;
    for (let left = lines; position > this.#start; position--) {
      if (this.#at(position - 1) === NEWLINE && --left === 0) return position;
    }
    return this.#start;
  }

  #makeRoom(count: number): void {
    const needed = Math.min(this.#limitBytes, this.#end - this.#start + count);
    if (needed > this.#buffer.length) this.#grow(needed);
    const surplus = this.#end + count - this.#start - this.#buffer.length;
    if (surplus <= 0) return;
    const from = Math.min(this.#end, this.#start + surplus);
    // The first line that is left may be cut; forget its rest too.
    this.#start = from === this.#end ? from : this.#lineAfter(from);
  }

  #lineAfter(position: number): number {
    if (this.#at(position - 1) === NEWLINE) return position;
    for (let next = position; next < this.#end; next++) {
      if (this.#at(next) === NEWLINE) return next + 1;
    }
    return position;
  }

  #grow(needed: number): void {
    let size = Math.max(FIRST_BYTES, this.#buffer.length);
    while (size < needed) size *= 2;
    const grown = Buffer.alloc(Math.min(size, this.#limitBytes));
    const kept = this.#copy(this.#start, this.#end);
    for (let i = 0; i < kept.length; ) {
      const at = (this.#start + i) % grown.length;
      i += kept.copy(grown, at, i);
    }
    this.#buffer = grown;
  }

  #copy(from: number, until: number): Buffer {
    const length = Math.max(0, until - from);
    const copy = Buffer.allocUnsafe(length);
    if (length === 0) return copy;
    const at = from % this.#buffer.length;
    const head = this.#buffer.copy(copy, 0, at, Math.min(at + length, this.#buffer.length));
    this.#buffer.copy(copy, head, 0, length - head);
    return copy;
  }

  #at(position: number): number | undefined {
    return this.#buffer[position % this.#buffer.length];
  }
}

/** The end of the bytes, at most the limit, from the beginning of a line where there is one. */
function lastLines(bytes: Uint8Array, limit: number): Uint8Array {
  const end = bytes.subarray(bytes.length - limit);
  const newline = end.indexOf(NEWLINE);
  return newline < 0 || newline === end.length - 1 ? end : end.subarray(newline + 1);
}
