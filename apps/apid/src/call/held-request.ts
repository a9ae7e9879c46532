import type { Half } from '@minos/http2';

const MOST_HELD = 64 * 1024;

/** What a client has sent so far, kept so that it can be sent (again) to a new connection, while it is not too much. */
export class HeldRequest {
  #parts: Buffer[] = [];
  #bytes = 0;
  #isEnded = false;
  #isComplete = true;

  /** Whether it is still all there. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Keeps bytes that wait to be sent for the first time; the sender's window bounds them. */
  wait(bytes: Buffer, start: number, end: number): void {
    if (end > start) this.#parts.push(Buffer.from(bytes.subarray(start, end)));
    this.#bytes += end - start;
  }

  /** Keeps bytes that were sent, until there are too many of them. */
  keep(bytes: Buffer, start: number, end: number): void {
    if (!this.#isComplete) return;
    if (this.#bytes + end - start > MOST_HELD) {
      this.drop();
      return;
    }
    this.wait(bytes, start, end);
  }

  /** No more will come. */
  end(): void {
    this.#isEnded = true;
  }

  /** It will not be sent again. */
  drop(): void {
    this.#isComplete = false;
    this.#parts = [];
    this.#bytes = 0;
  }

  /** Sends all of it after its headers were sent; an end without bytes went with those. */
  sendTo(half: Half): void {
    const parts = this.#parts;
    parts.forEach((part, at) => {
      half.data(part, 0, part.length, this.#isEnded && at === parts.length - 1);
    });
    if (this.#bytes > MOST_HELD) this.drop();
  }

  /** Whether there is no body, so that the request ends with its headers. */
  get isEmpty(): boolean {
    return this.#parts.length === 0;
  }
}
