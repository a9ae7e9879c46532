import { CONNECTION_LOST, type Conn, ErrorCode, Field, grpcCodeOfReset, type Half, Head, type Peer } from '@minos/http2';
import type { Backend, Waiter } from '../backend/backend.ts';
import { type CallError, Status } from './grpc-status.ts';
import { formatGrpcTimeout } from './grpc-timeout.ts';
import { HeldRequest } from './held-request.ts';
import type { HopTrace } from './hop-trace.ts';

/** Who gets the answer of a backend. */
export interface UpstreamSink {
  head(head: Head, isEnd: boolean): void;
  /** Bytes [start, end), valid only during the call; to be answered with `passed`. */
  data(bytes: Buffer, start: number, end: number, isEnd: boolean): void;
  /** So many bytes of the request went on. */
  requestPassed(bytes: number): void;
  /** There is no (whole) answer, for this reason. Nothing comes after it. */
  failed(error: CallError): void;
  /** The client is gone. Nothing comes after it. */
  cancelled(): void;
}

/** One call to one backend. */
export interface UpstreamOptions {
  readonly backend: Backend;
  readonly name: string;
  readonly head: Head;
  readonly sink: UpstreamSink;
  /** Whether asking twice does no harm, so that it may be asked again when a connection is lost without an answer. */
  readonly isRepeatable: boolean;
  /** Milliseconds left by the caller, from `startedMs`. */
  readonly timeoutMs: number | undefined;
  readonly startedMs: number;
  readonly monotonicMs: () => number;
  /** Most that the other end may send unasked, in bytes; as much as any stream may when absent. */
  readonly mostWindow?: number;
  /** Told when what happens, if the caller wants to know. */
  readonly trace: HopTrace | undefined;
}

/** After a wait of this length the deadline that is sent on is made shorter. */
const NOTABLE_WAIT_MS = 10;

/**
 * One call to one backend, from the request's side: waits for a connection, sends, and sends again (once) what the other end
 * has certainly not begun. As a Peer it takes what the client sends.
 */
export class Upstream implements Peer, Waiter {
  readonly #options: UpstreamOptions;
  readonly #held = new HeldRequest();
  #half: Half | undefined;
  #passed = 0;
  #passedOfThis = 0;
  #isAnswered = false;
  #isOver = false;
  #repeats = 0;

  constructor(options: UpstreamOptions) {
    this.#options = options;
  }

  /** Begins, once the sink is ready to be called; `isEnd`: the request has no body. */
  start(isEnd: boolean): void {
    if (isEnd) this.#held.end();
    this.#acquire();
  }

  /** Whether nothing will be called any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  // ---- from the client

  head(_trailers: Head, isEnd: boolean): void {
    // Trailers of a request mean nothing in gRPC.
    this.data(EMPTY, 0, 0, isEnd);
  }

  data(bytes: Buffer, start: number, end: number, isEnd: boolean): void {
    if (this.#isOver) return;
    if (isEnd) this.#held.end();
    const half = this.#half;
    if (half === undefined) {
      this.#held.wait(bytes, start, end);
      return;
    }
    if (!this.#isAnswered) this.#held.keep(bytes, start, end);
    half.data(bytes, start, end, isEnd);
  }

  passed(bytes: number): void {
    this.#half?.passed(bytes);
  }

  reset(_code: number): void {
    if (this.#isOver) return;
    this.cancel();
    this.#options.sink.cancelled();
  }

  /** Ends it on the backend's side; the sink is told nothing. */
  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.backend.leave(this);
    this.#half?.reset(ErrorCode.cancel);
  }

  // ---- from the backend's connections

  connected(conn: Conn): void {
    this.#send(conn, true);
  }

  #send(conn: Conn, hasWaited: boolean): void {
    if (this.#isOver) return;
    this.#options.trace?.sent(this.#options.backend.timesOf(conn), hasWaited);
    const half = conn.open();
    if (this.#options.mostWindow !== undefined) half.limitWindow(this.#options.mostWindow);
    half.peer = new UpstreamReplies(this);
    this.#half = half;
    this.#passedOfThis = 0;
    half.head(this.#headNow(), this.#held.isEnded && this.#held.isEmpty);
    this.#held.sendTo(half);
  }

  refused(error: CallError): void {
    this.#fail(error);
  }

  // ---- from the stream

  replyHead(head: Head, isEnd: boolean): void {
    if (this.#isOver) return;
    this.#isAnswered = true;
    this.#held.drop();
    if (isEnd) this.#isOver = true;
    this.#options.trace?.head(head, isEnd);
    this.#options.sink.head(head, isEnd);
  }

  replyData(bytes: Buffer, start: number, end: number, isEnd: boolean): void {
    if (this.#isOver) return;
    if (isEnd) this.#isOver = true;
    this.#options.sink.data(bytes, start, end, isEnd);
  }

  requestPassed(bytes: number): void {
    this.#passedOfThis += bytes;
    // What is sent again was credited the first time.
    const more = this.#passedOfThis - this.#passed;
    if (more <= 0 || this.#isOver) return;
    this.#passed += more;
    this.#options.sink.requestPassed(more);
  }

  lost(code: number): void {
    if (this.#isOver) return;
    const mayRepeat = code === ErrorCode.refusedStream || (code === CONNECTION_LOST && this.#options.isRepeatable);
    if (mayRepeat && !this.#isAnswered && this.#held.isComplete && this.#repeats < 1) {
      this.#repeats++;
      this.#half = undefined;
      this.#acquire();
      return;
    }
    this.#fail(lossError(this.#options.name, code));
  }

  #acquire(): void {
    const conn = this.#options.backend.acquire(this);
    if (conn !== undefined) this.#send(conn, false);
  }

  #fail(error: CallError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.sink.failed(error);
  }

  /** The headers, with what is left of the caller's time when some of it was spent here. */
  #headNow(): Head {
    const { head, timeoutMs, startedMs, monotonicMs } = this.#options;
    if (timeoutMs === undefined) return head;
    const spentMs = monotonicMs() - startedMs;
    if (spentMs < NOTABLE_WAIT_MS) return head;
    const left = new Field('grpc-timeout', formatGrpcTimeout(timeoutMs - spentMs));
    return new Head(head.fields.map((field) => (field.name === 'grpc-timeout' ? left : field)));
  }
}

const EMPTY = Buffer.alloc(0);

/** The other side of an Upstream: what its stream receives. */
class UpstreamReplies implements Peer {
  readonly #upstream: Upstream;

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  head(head: Head, isEnd: boolean): void {
    this.#upstream.replyHead(head, isEnd);
  }

  data(bytes: Buffer, start: number, end: number, isEnd: boolean): void {
    this.#upstream.replyData(bytes, start, end, isEnd);
  }

  passed(bytes: number): void {
    this.#upstream.requestPassed(bytes);
  }

  reset(code: number): void {
    this.#upstream.lost(code);
  }
}

function lossError(name: string, code: number): CallError {
  const isLost = code === CONNECTION_LOST;
  const message = isLost ? `connection to ${name} was lost` : `stream to ${name} was reset with code ${code}`;
  const reason = isLost ? 'CONNECTION_LOST' : 'STREAM_RESET';
  const next = isLost ? 'the same command again, once the node is back' : `minosctl -n ${name} logs apid`;
  return { code: grpcCodeOfReset(code), message, info: { reason, hop: `endpoint → ${name}`, evidence: message, next } };
}

/** The error for a call whose time is over. */
export const DEADLINE_EXCEEDED: CallError = { code: Status.deadlineExceeded, message: 'context deadline exceeded' };
