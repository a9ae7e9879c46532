import { garbageCollector } from '@minos/base';

/**
 * Keeps a process small while large answers pass through it. The bytes of a message are outside of V8's heap: what it
 * sees of them are small objects, so that tens of megabytes of dead messages pile up before it collects by itself.
 */
export class MemoryRelief {
  readonly #everyBytes: number;
  #collect: ((collection: 'young') => void) | undefined;
  #bytes = 0;

  constructor(everyBytes = 2 * 1024 * 1024) {
    this.#everyBytes = everyBytes;
  }

  /** Counts the bytes of a message; after every few MiB the young garbage is collected (about a millisecond). */
  passed(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < this.#everyBytes) return;
    this.#bytes = 0;
    this.#collect ??= garbageCollector();
    this.#collect('young');
  }
}
