import type { Half } from '../half.ts';
import type { Head } from '../head.ts';
import type { Peer } from '../peer.ts';

/** A peer that keeps what it gets, and passes bytes on at once unless it is told to hold them. */
export class RecordingPeer implements Peer {
  readonly heads: Head[] = [];
  readonly half: Half;
  isHolding: boolean;
  passedBytes = 0;
  isEnded = false;
  resetCode: number | undefined;
  #held = 0;
  #parts: Buffer[] = [];

  constructor(half: Half, isHolding = false) {
    this.half = half;
    this.isHolding = isHolding;
    half.peer = this;
  }

  /** All bytes so far. */
  get body(): Buffer {
    if (this.#parts.length !== 1) this.#parts = [Buffer.concat(this.#parts)];
    return this.#parts[0] ?? Buffer.alloc(0);
  }

  head(head: Head, isEnd: boolean): void {
    this.heads.push(head);
    this.isEnded ||= isEnd;
  }

  data(bytes: Buffer, start: number, end: number, isEnd: boolean): void {
    this.#parts.push(Buffer.from(bytes.subarray(start, end)));
    this.isEnded ||= isEnd;
    if (this.isHolding) this.#held += end - start;
    else this.half.passed(end - start);
  }

  passed(bytes: number): void {
    this.passedBytes += bytes;
  }

  reset(code: number): void {
    this.resetCode = code;
  }

  /** Passes on what was held. */
  release(): void {
    this.isHolding = false;
    const held = this.#held;
    this.#held = 0;
    this.half.passed(held);
  }
}
