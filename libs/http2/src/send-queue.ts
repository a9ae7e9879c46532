import type { BlockPool } from './block-pool.ts';
import { Head } from './head.ts';

/** Where the buffers for waiting bytes come from. */
export interface ChunkPools {
  readonly small: BlockPool;
  readonly large: BlockPool;
}

/** Waiting bytes [start, end) of a pooled buffer. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly pool: BlockPool;
  start: number;
  end: number;
}

/**
 * What one stream has to send and cannot yet: bytes and headers in order. Small pieces are put together into one buffer, else
 * a peer that sends tiny frames would cost a hundred times what it sends.
 */
export class SendQueue {
  readonly #pools: ChunkPools;
  readonly #items: (Chunk | Head)[] = [];
  #first = 0;
  /** Whether the stream ends with the last item. */
  isEnd = false;

  constructor(pools: ChunkPools) {
    this.#pools = pools;
  }

  get isEmpty(): boolean {
    return this.#first === this.#items.length;
  }

  /** Whether there is exactly one item. */
  get isLast(): boolean {
    return this.#items.length - this.#first === 1;
  }

  get first(): Chunk | Head | undefined {
    return this.#items[this.#first];
  }

  /** Bytes that wait. */
  get bytes(): number {
    let bytes = 0;
    for (let at = this.#first; at < this.#items.length; at++) {
      const item = this.#items[at];
      if (item !== undefined && !(item instanceof Head)) bytes += item.end - item.start;
    }
    return bytes;
  }

  pushHead(head: Head): void {
    this.#items.push(head);
  }

  /** Copies bytes [start, end) to the end of the queue. */
  pushBytes(bytes: Buffer, start: number, end: number): void {
    let from = start;
    let last = this.isEmpty ? undefined : this.#items.at(-1);
    while (from < end) {
      if (last === undefined || last instanceof Head || last.end === last.bytes.length) {
        last = this.#newChunk(end - from);
        this.#items.push(last);
      }
      const copied = bytes.copy(last.bytes, last.end, from, end);
      last.end += copied;
      from += copied;
    }
  }

  /** Drops the first item. */
  shift(): void {
    const item = this.#items[this.#first];
    if (item === undefined) return;
    if (!(item instanceof Head)) item.pool.give(item.bytes);
    if (++this.#first === this.#items.length || this.#first > 64) {
      this.#items.splice(0, this.#first);
      this.#first = 0;
    }
  }

  /** Drops all. */
  clear(): void {
    while (!this.isEmpty) this.shift();
  }

  #newChunk(bytes: number): Chunk {
    const pool = bytes > this.#pools.small.blockBytes || !this.isEmpty ? this.#pools.large : this.#pools.small;
    return { bytes: pool.take(), pool, start: 0, end: 0 };
  }
}
