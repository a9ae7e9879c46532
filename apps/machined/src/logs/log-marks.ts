interface Mark {
  readonly position: number;
  /** When the last bytes came that belong to it. */
  lastMs: number;
  readonly firstMs: number;
}

const SPAN_MS = 1000;
const MARKS = 4096;
const TIME = /"time":"([^"]{1,40})"/;

/** When which part of a log came, to the second; bounded. */
export class LogMarks {
  #marks: Mark[] = [];

  /** Notes that bytes from a position on came at a time; positions and times come in order. */
  add(position: number, atMs: number): void {
    const last = this.#marks.at(-1);
    if (last !== undefined && atMs - last.firstMs < SPAN_MS) {
      last.lastMs = Math.max(last.lastMs, atMs);
      return;
    }
    this.#marks.push({ position, firstMs: atMs, lastMs: atMs });
    if (this.#marks.length > MARKS) this.#marks.splice(0, this.#marks.length - MARKS);
  }

  /** Notes the times that stand in lines of JSON, as an earlier run wrote them. */
  addWritten(position: number, bytes: Buffer): void {
    let at = 0;
    for (const line of bytes.toString('latin1').split('\n')) {
      const atMs = Date.parse(TIME.exec(line.slice(0, 200))?.[1] ?? '');
      if (!Number.isNaN(atMs)) this.add(position + at, atMs);
      at += line.length + 1;
    }
  }

  /** Where the first part begins that came at a time or after it; undefined when nothing did. */
  since(atMs: number): number | undefined {
    return this.#marks.find(({ lastMs }) => lastMs >= atMs)?.position;
  }

  /** Forgets what lies before a position. */
  forget(position: number): void {
    const next = this.#marks.findIndex((mark) => mark.position > position);
    if (next > 1) this.#marks.splice(0, next - 1);
  }
}
