/** Where a stream is: RFC 9113 §5.1. Nothing is ever pushed here, so that no stream is reserved. */
export type StreamState = 'idle' | 'open' | 'halfClosedLocal' | 'halfClosedRemote' | 'closed';

/** What moves a stream on: headers in either direction, END_STREAM in each, RST_STREAM (or the end of the connection) in either. */
export type StreamEvent = 'headers' | 'sendEnd' | 'receiveEnd' | 'reset';

/** What follows; null: the event means nothing there. */
export const NEXT_STATE: Record<StreamState, Record<StreamEvent, StreamState | null>> = {
  idle: { headers: 'open', sendEnd: null, receiveEnd: null, reset: 'closed' },
  open: { headers: null, sendEnd: 'halfClosedLocal', receiveEnd: 'halfClosedRemote', reset: 'closed' },
  halfClosedLocal: { headers: null, sendEnd: null, receiveEnd: 'closed', reset: 'closed' },
  halfClosedRemote: { headers: null, sendEnd: 'closed', receiveEnd: null, reset: 'closed' },
  closed: { headers: null, sendEnd: null, receiveEnd: null, reset: null },
};

/** A stream as the receiver of a frame sees it: `skipped` was never used and cannot be any more, `reset` was reset by this end of late. */
export type ReceiverState = StreamState | 'skipped' | 'reset';

/** Frames of one stream, but for PRIORITY, which means nothing in any state, and CONTINUATION, which belongs to its HEADERS. */
export type StreamFrame = 'data' | 'headers' | 'rstStream' | 'windowUpdate';

/** What a frame is in a state: taken, ignored, an error of the stream, or one of two errors of the connection. */
export type Verdict = 'take' | 'ignore' | 'streamClosed' | 'connectionClosed' | 'protocol';

/** RFC 9113 §5.1 and §5.1.1. HEADERS that open a stream at a server are looked at before. */
export const VERDICTS: Record<ReceiverState, Record<StreamFrame, Verdict>> = {
  idle: { data: 'protocol', headers: 'protocol', rstStream: 'protocol', windowUpdate: 'protocol' },
  skipped: { data: 'connectionClosed', headers: 'protocol', rstStream: 'ignore', windowUpdate: 'ignore' },
  open: { data: 'take', headers: 'take', rstStream: 'take', windowUpdate: 'take' },
  halfClosedLocal: { data: 'take', headers: 'take', rstStream: 'take', windowUpdate: 'take' },
  halfClosedRemote: { data: 'streamClosed', headers: 'streamClosed', rstStream: 'take', windowUpdate: 'take' },
  closed: { data: 'connectionClosed', headers: 'connectionClosed', rstStream: 'ignore', windowUpdate: 'ignore' },
  reset: { data: 'ignore', headers: 'ignore', rstStream: 'ignore', windowUpdate: 'ignore' },
};
