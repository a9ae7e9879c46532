const NEWLINE = 0x0a;
/** A line that is longer is cut: no log makes the reader hold more. */
const MAX_LINE_BYTES = 1024 * 1024;

/** Makes lines of chunks whose borders fall anywhere, also inside a character. */
export class LineSplitter {
  #parts: Buffer[] = [];
  #size = 0;

  /** The lines that this chunk completes, without their newlines. */
  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      this.#keep(rest.subarray(0, end));
      lines.push(this.#take());
      rest = rest.subarray(end + 1);
    }
    this.#keep(rest);
    if (this.#size > MAX_LINE_BYTES) lines.push(this.#take());
    return lines;
  }

  /** What is left at the end: nothing, or a last line without newline. */
  end(): string[] {
    return this.#size > 0 ? [this.#take()] : [];
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#size += part.length;
  }

  #take(): string {
    const line = Buffer.concat(this.#parts).toString();
    this.#parts = [];
    this.#size = 0;
    return line;
  }
}
