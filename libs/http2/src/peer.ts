import type { Head } from './head.ts';

/**
 * The far side of a call, as one stream sees it. A Half is itself one, so two Halves linked as each other's peers are a
 * proxied call; gatherers and local handlers plug in the same way. Nothing here throws, nothing is called after `reset`.
 */
export interface Peer {
  /** Headers, or trailers, of the stream. */
  head(head: Head, isEnd: boolean): void;
  /** Bytes [start, end) of its body, valid only during the call. They must be answered with `passed` once they went on. */
  data(bytes: Buffer, start: number, end: number, isEnd: boolean): void;
  /** So many of the bytes that were received from this peer went on: the other end may send as many again. */
  passed(bytes: number): void;
  /** The stream is gone: a code of RFC 9113 §7, or CONNECTION_LOST. */
  reset(code: number): void;
}
