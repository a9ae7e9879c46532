/** Frame types of RFC 9113 §6. */
export const FrameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags of RFC 9113 §6; END_STREAM and ACK share a bit. */
export const Flag = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

/** Identifiers of RFC 9113 §6.5.2. */
export const Setting = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const;

/** What a client sends first: RFC 9113 §3.4. */
export const PREFACE: Buffer = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** Bytes of a frame header. */
export const FRAME_HEADER = 9;

/** The largest payload that we accept: the default of SETTINGS_MAX_FRAME_SIZE. */
export const MAX_FRAME = 16_384;

/** Windows must never exceed this: RFC 9113 §6.9.1. */
export const MAX_WINDOW = 0x7fff_ffff;

/** The window of a stream, and of a connection, before anybody said otherwise. */
export const DEFAULT_WINDOW = 65_535;

/** No bytes. */
export const NOTHING: Buffer = Buffer.alloc(0);
