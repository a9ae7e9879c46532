/** What a process allows its HTTP/2 connections; all of it per connection unless it says otherwise. */
export interface Http2Limits {
  /** Largest receive window of one stream, in bytes. Streams grow to it while they drain. */
  readonly streamWindow: number;
  /** Receive window that a stream which we opened starts with, in bytes: a call to thousands of nodes has one for each. */
  readonly firstWindow: number;
  /** Receive window of the connection, in bytes. */
  readonly connectionWindow: number;
  /** By how much the windows of all streams of the process together may be larger than their start, in bytes. */
  readonly windowGrowth: number;
  /** A server connection gets no more credit while so many received bytes wait for those they go to. */
  readonly serverBacklog: number;
  /** How many streams a client may have open. */
  readonly maxStreams: number;
  /** How many streams all clients together may have open. */
  readonly maxStreamsTotal: number;
  /** Largest decoded header list, in bytes as RFC 9113 §6.5.2 counts them. */
  readonly headerListBytes: number;
  /** Bytes of header blocks whose end has not come, for the whole process. */
  readonly headerBlocksTotal: number;
  /** A header block must be whole after so long. */
  readonly headerBlockMs: number;
  /** Bytes of clients' calls that may wait in the process; over it the connection that holds most of them is ended. */
  readonly heldTotal: number;
  /** Streams that a client resets: so many at once … */
  readonly resetBurst: number;
  /** … and so many each second. */
  readonly resetsPerSecond: number;
  /** Frames that carry nothing: so many at once, and as many each second. */
  readonly floodBurst: number;
  /** More than this that the other end does not read ends the connection. */
  readonly maxPending: number;
  /** The other end must have said that it speaks HTTP/2 after so long. */
  readonly prefaceMs: number;
  /** And have acknowledged our settings so long after that. */
  readonly settingsAckMs: number;
  /** A connection without streams is left after so long. */
  readonly idleMs: number;
  /** A connection with open streams on which nothing arrived for so long is pinged. */
  readonly keepaliveIdleMs: number;
  /** And counts as dead when nothing arrives for so long after that. */
  readonly keepaliveTimeoutMs: number;
}

/** The limits that daemons use. */
export const DEFAULT_LIMITS: Http2Limits = {
  streamWindow: 1024 * 1024,
  firstWindow: 16 * 1024,
  connectionWindow: 4 * 1024 * 1024,
  windowGrowth: 64 * 1024 * 1024,
  serverBacklog: 16 * 1024 * 1024,
  maxStreams: 2000,
  maxStreamsTotal: 20_000,
  headerListBytes: 64 * 1024,
  headerBlocksTotal: 8 * 1024 * 1024,
  headerBlockMs: 10_000,
  heldTotal: 64 * 1024 * 1024,
  resetBurst: 2000,
  resetsPerSecond: 200,
  floodBurst: 5000,
  maxPending: 16 * 1024 * 1024,
  prefaceMs: 10_000,
  settingsAckMs: 10_000,
  idleMs: 15 * 60_000,
  keepaliveIdleMs: 10_000,
  keepaliveTimeoutMs: 5_000,
};
