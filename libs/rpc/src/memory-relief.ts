import { setFlagsFromString } from 'node:v8';
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
    this.#collect ??= youngCollector();
    this.#collect('young');
  }
}

/**
 * After a full collection V8 lets a small heap grow by so little that it marks all of it again for every 3 MB of messages
 * (six times the CPU time of the call); twice its size is enough to leave the rest to the collections asked for here.
 */
function youngCollector(): (collection: 'young') => void {
  setFlagsFromString('--heap-growing-percent=100');
  return garbageCollector();
}
