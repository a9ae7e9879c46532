const MOST = 32;

/** Numbers of streams that a client left out: using one later is an error of its own (RFC 9113 §5.1.1). Remembers the latest gaps. */
export class SkippedIds {
  readonly #gaps: { readonly after: number; readonly before: number }[] = [];

  /** A stream was opened after another. */
  opened(id: number, lastId: number): void {
    if (id <= lastId + 2) return;
    this.#gaps.push({ after: lastId, before: id });
    if (this.#gaps.length > MOST) this.#gaps.shift();
  }

  has(id: number): boolean {
    return this.#gaps.some((gap) => id > gap.after && id < gap.before);
  }
}
