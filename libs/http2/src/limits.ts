/** What a process allows its HTTP/2 connections; all of it per connection unless it says otherwise. */
export interface Http2Limits {
  /** Largest receive window of one stream, in bytes. Streams start at 64 KiB and grow to it while they drain. */
  readonly streamWindow: number;
  /** Receive window of the connection, in bytes. */
  readonly connectionWindow: number;
  /** By how much the windows of all streams of the process together may be larger than their start, in bytes. */
  readonly windowGrowth: number;
  /** A server connection gets no more credit while so many received bytes wait for those they go to. */
  readonly serverBacklog: number;
  /** How many streams a client may have open. */
  readonly maxStreams: number;
  /** Largest decoded header list, in bytes as RFC 9113 §6.5.2 counts them. */
  readonly headerListBytes: number;
  /** Frames that carry nothing: so many at once, and as many each second. */
  readonly floodBurst: number;
  /** More than this that the other end does not read ends the connection. */
  readonly maxPending: number;
  /** A connection with open streams on which nothing arrived for so long is pinged. */
  readonly keepaliveIdleMs: number;
  /** And counts as dead when nothing arrives for so long after that. */
  readonly keepaliveTimeoutMs: number;
}

/** The limits that daemons use. */
export const DEFAULT_LIMITS: Http2Limits = {
  streamWindow: 1024 * 1024,
  connectionWindow: 4 * 1024 * 1024,
  windowGrowth: 64 * 1024 * 1024,
  serverBacklog: 16 * 1024 * 1024,
  maxStreams: 2000,
  headerListBytes: 64 * 1024,
  floodBurst: 5000,
  maxPending: 16 * 1024 * 1024,
  keepaliveIdleMs: 10_000,
  keepaliveTimeoutMs: 5_000,
};
