/** Something with output to send. */
export interface Flushable {
  flush(): void;
}

/** Collects who wrote in this turn of the event loop, so that all of one's frames leave as one write, in its check phase. */
export class FlushQueue {
  #dirty: Flushable[] = [];

  /** Has `writer` flushed before the loop sleeps; a writer must not be added twice before that. */
  add(writer: Flushable): void {
    if (this.#dirty.length === 0) setImmediate(() => this.#flushAll());
    this.#dirty.push(writer);
  }

  #flushAll(): void {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const writer of dirty) writer.flush();
  }
}
