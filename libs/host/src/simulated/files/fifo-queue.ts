import { Waiters } from '../waiters.ts';

const CAPACITY_BYTES = 1024 * 1024;

/** What is in a FIFO; it has room for 1 MiB, and what does not fit is refused whole. */
export class FifoQueue {
  #chunks: Buffer[] = [];
  #length = 0;
  readonly #readers = new Waiters();

  /** False when there is no room: a non-blocking writer would get EAGAIN. */
  write(bytes: Uint8Array): boolean {
    if (this.#length + bytes.length > CAPACITY_BYTES) return false;
    if (bytes.length > 0) this.#chunks.push(Buffer.from(bytes));
    this.#length += bytes.length;
    this.#readers.wake();
    return true;
  }

  /** What is there, at most so many bytes; empty when nothing is. */
  take(atMost: number): Buffer {
    const all = Buffer.concat(this.#chunks);
    const taken = all.subarray(0, atMost);
    this.#chunks = taken.length < all.length ? [all.subarray(taken.length)] : [];
    this.#length -= taken.length;
    return taken;
  }

  /** Resolves when there is something or the signal is aborted. */
  async readable(signal: AbortSignal): Promise<void> {
    while (this.#length === 0 && !signal.aborted) await this.#readers.wait(signal);
  }
}
