import type { ReplyKind } from '@minos/api';
import type { Head, Peer } from '@minos/http2';
import type { CallDeps } from './call-deps.ts';
import type { CallFront } from './call-front.ts';
import type { CallRecord } from './call-record.ts';
import type { Expiring } from './deadline-queue.ts';
import { FanOutLoan } from './fan-out-loan.ts';
import { type FanOutHost, FanOutPart, type ReplyCost } from './fan-out-part.ts';
import { grpcMessage, grpcPrefix, MOST_MESSAGE_BYTES, messagePool } from './grpc-messages.ts';
import { type CallError, Status } from './grpc-status.ts';
import { HopTrace, withTrace } from './hop-trace.ts';
import type { Endable } from './open-calls.ts';
import { REPLY_HEAD, REPLY_OK } from './reply.ts';
import { DEADLINE_EXCEEDED, Upstream } from './upstream.ts';

/** Of the caller's time so much is kept for getting the others' replies to it when a node does not answer. */
const ANSWER_SHARE = 0.2;
const ANSWER_MOST_MS = 500;

/** The windows of all nodes of a call together may grow to so many bytes. */
const MOST_WINDOWS = 1024 * 1024;

interface Credit {
  readonly part: FanOutPart;
  readonly cost: ReplyCost;
  left: number;
}

/**
 * One call to many nodes at once. Each gets the request; their replies come back with their names, streams message by message
 * as they come, single replies together in one message at the end. A node that fails is a reply too, so the call ends well.
 */
export class FanOutCall implements Peer, FanOutHost, Expiring, Endable {
  readonly #front: CallFront;
  readonly #record: CallRecord;
  readonly #deps: CallDeps;
  readonly #kind: ReplyKind;
  readonly #parts: readonly FanOutPart[];
  readonly loan = new FanOutLoan();
  readonly pool = messagePool();
  readonly #credits: Credit[] = [];
  readonly #trace: string[] = [];
  #replies: Buffer[] = [];
  #heldBytes = 0;
  #received = 0;
  #credited = 0;
  #left: number;
  #isOver = false;

  constructor(front: CallFront, record: CallRecord, targets: readonly string[], deps: CallDeps) {
    this.#front = front;
    this.#record = record;
    this.#deps = deps;
    this.#kind = record.plan.row.streamedInFanOut ? 'stream' : 'unary';
    this.#parts = targets.map((target) => new FanOutPart(target, this.#kind, this));
    this.#left = targets.length;
  }

  /** Begins; `isEnd`: the request has no body. */
  start(isEnd: boolean): void {
    const { head, timeoutMs } = this.#record.plan;
    this.#front.peer = this;
    this.#record.begin(this);
    if (timeoutMs !== undefined) this.#record.limit(timeoutMs - Math.min(timeoutMs * ANSWER_SHARE, ANSWER_MOST_MS), this);
    // Their windows together, and what waits of them when the client does not read, are bounded.
    const mostWindow = Math.ceil(MOST_WINDOWS / this.#parts.length);
    for (const part of this.#parts) {
      const { startedMs, plan } = this.#record;
      const trace = plan.isTraced ? new HopTrace(part.target, startedMs, () => this.#deps.clock.monotonicMs()) : undefined;
      const upstream = new Upstream({
        backend: this.#deps.pool.remote(part.target),
        name: part.target,
        head,
        sink: part,
        isRepeatable: false,
        timeoutMs,
        startedMs,
        trace,
        mostWindow,
        monotonicMs: () => this.#deps.clock.monotonicMs(),
      });
      part.start({ upstream, trace }, isEnd);
    }
  }

  // ---- from the client

  head(_trailers: Head, isEnd: boolean): void {
    this.data(NO_BYTES, 0, 0, isEnd);
  }

  data(bytes: Buffer, start: number, end: number, isEnd: boolean): void {
    this.#received += end - start;
    for (const part of this.#parts) part.request(bytes, start, end, isEnd);
    this.requestPassed();
  }

  /** Bytes of replies went to the client: those who sent them may send more. */
  passed(bytes: number): void {
    let left = bytes;
    while (left > 0) {
      const [first] = this.#credits;
      if (first === undefined) return;
      const some = Math.min(left, first.left);
      first.left -= some;
      left -= some;
      if (first.left > 0) return;
      this.#credits.shift();
      first.part.went(first.cost);
    }
  }

  reset(_code: number): void {
    if (this.#isOver) return;
    this.#finished(Status.cancelled, 'cancelled by the client');
    for (const part of this.#parts) part.cancel();
  }

  expire(): void {
    this.abandon(DEADLINE_EXCEEDED);
  }

  /** Each node that has not answered is told of with this error. */
  abandon(error: CallError): void {
    for (const part of this.#parts) part.expire(error);
  }

  // ---- from the parts

  /** The client may send as much as the slowest node has taken. */
  requestPassed(): void {
    let least = this.#received;
    for (const part of this.#parts) if (!part.isDone) least = Math.min(least, part.passedBytes);
    if (least <= this.#credited) return;
    const more = least - this.#credited;
    this.#credited = least;
    this.#front.passed(more);
  }

  replied(part: FanOutPart, message: readonly Buffer[], cost: ReplyCost): void {
    if (this.#isOver) return;
    if (this.#kind === 'stream') {
      const prefix = grpcPrefix(message.reduce((bytes, piece) => bytes + piece.length, 0));
      const whole = [prefix, ...message];
      this.#sendHead();
      this.#credits.push({ part, cost, left: whole.reduce((bytes, piece) => bytes + piece.length, 0) });
      for (const piece of whole) this.#front.data(piece, 0, piece.length, false);
      return;
    }
    part.went(cost);
    this.#replies.push(...message);
  }

  hold(part: FanOutPart, bytes: number): boolean {
    this.#heldBytes += bytes;
    if (this.#heldBytes <= MOST_MESSAGE_BYTES) return true;
    this.#heldBytes -= bytes;
    const tooLarge = `replies of all nodes together are larger than ${MOST_MESSAGE_BYTES} bytes`;
    part.expire({ code: Status.resourceExhausted, message: tooLarge });
    return false;
  }

  done(part: FanOutPart): void {
    this.#left--;
    this.#trace.push(...part.trace());
    this.requestPassed();
    if (this.#left > 0 || this.#isOver) return;
    this.#finished(Status.ok, '');
    if (this.#kind === 'unary') {
      const reply = grpcMessage(...this.#replies);
      this.#replies = [];
      this.#sendHead();
      this.#front.data(reply, 0, reply.length, false);
    }
    this.#sendHead();
    this.#front.head(this.#trace.length === 0 ? REPLY_OK : withTrace(REPLY_OK, this.#trace), true);
  }

  #sendHead(): void {
    if (!this.#front.isHeadSent) this.#front.head(REPLY_HEAD, false);
  }

  #finished(code: number, message: string): void {
    this.#isOver = true;
    this.#record.finished(code, message);
  }
}

const NO_BYTES = Buffer.alloc(0);
