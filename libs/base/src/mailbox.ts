import { Fault } from './fault.ts';

/**
 * A bounded queue with one reader: `push` says whether there was room, iteration ends after `end()`, and throws after
 * `fail(e)` once what was queued has been read.
 */
export class Mailbox<T> implements AsyncIterable<T> {
  readonly #limit: number;
  #items: T[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  #error: unknown;

  constructor(limit: number) {
    if (!(limit > 0)) throw new Fault('invalid', 'a mailbox needs room for at least one item', { limit });
    this.#limit = limit;
  }

  /** How many items wait. */
  get size(): number {
    return this.#items.length;
  }

  /** Queues an item; false when it is full or ended, and the item is not taken. */
  push(item: T): boolean {
    if (this.#ended || this.#items.length >= this.#limit) return false;
    this.#items.push(item);
    this.#wakeReader();
    return true;
  }

  /** No more items will come. */
  end(): void {
    this.#ended = true;
    this.#wakeReader();
  }

  /** The reader gets this error after what is queued. */
  fail(e: unknown): void {
    this.#error ??= e;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const batch = this.#items;
      this.#items = [];
      yield* batch;
      if (this.#items.length > 0) continue;
      if (this.#error !== undefined) throw this.#error;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #wakeReader(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
