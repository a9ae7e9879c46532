import { appendInfo, buildError, type NodeError, namedParts, type ReplyKind } from '@minos/api';
import { isFault, messageOf } from '@minos/base';
import type { BlockPool, Head } from '@minos/http2';
import { statusWithInfo } from './error-info.ts';
import type { Borrower, FanOutLoan } from './fan-out-loan.ts';
import { decodeGrpcMessage } from './grpc-message.ts';
import { GrpcMessages } from './grpc-messages.ts';
import { type CallError, Status } from './grpc-status.ts';
import type { HopTrace } from './hop-trace.ts';
import type { Upstream, UpstreamSink } from './upstream.ts';

/** What a part tells the call that it belongs to. */
export interface FanOutHost {
  /** What parts of streams may receive beyond what went on. */
  readonly loan: FanOutLoan;
  /** Buffers for messages that are not whole. */
  readonly pool: BlockPool;
  /** One message of its node, named, in parts; those of a stream are valid only during the call. */
  replied(part: FanOutPart, message: readonly Buffer[], cost: ReplyCost): void;
  /** Single replies are kept until all are there; false, and the part is over, when there is no room for so many bytes more. */
  hold(part: FanOutPart, bytes: number): boolean;
  /** Its node is done, well or with an error that was told as a message. */
  done(part: FanOutPart): void;
  /** Bytes of the request went on to its node. */
  requestPassed(): void;
}

/** What is due once a message went to the client: bytes to be passed back to its node, and bytes that were lent for it. */
export interface ReplyCost {
  readonly credit: number;
  readonly lent: number;
}

/** Of an incomplete message so much may wait for its end uncredited: less than the smallest window, or it would never end. */
const EARLY_CREDIT = 8 * 1024;

/** One node's share of a call to many: its replies get the node's name, its failure becomes a reply. */
export class FanOutPart implements UpstreamSink, Borrower {
  readonly target: string;
  readonly #kind: ReplyKind;
  readonly #host: FanOutHost;
  readonly #messages: GrpcMessages;
  #upstream: Upstream | undefined;
  #trace: HopTrace | undefined;
  #owed = 0;
  #lent = 0;
  #waiting = 0;
  #held = 0;
  #requestPassed = 0;
  #isDone = false;

  constructor(target: string, kind: ReplyKind, host: FanOutHost) {
    this.target = target;
    this.#kind = kind;
    this.#host = host;
    this.#messages = new GrpcMessages(host.pool);
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Bytes of the request that went on to the node. */
  get passedBytes(): number {
    return this.#requestPassed;
  }

  /** What is told of its hops, if the caller wants to know. */
  trace(): string[] {
    return this.#trace?.entries() ?? [];
  }

  /** Begins, with the call to the node. */
  start({ upstream, trace }: { readonly upstream: Upstream; readonly trace: HopTrace | undefined }, isEnd: boolean): void {
    this.#upstream = upstream;
    this.#trace = trace;
    upstream.start(isEnd);
  }

  /** More of the request. */
  request(bytes: Buffer, start: number, end: number, isEnd: boolean): void {
    if (!this.#isDone) this.#upstream?.data(bytes, start, end, isEnd);
  }

  /** A reply went to the client: its node may send as much again. */
  went({ credit, lent }: ReplyCost): void {
    this.#waiting--;
    if (credit > 0) this.#upstream?.passed(credit);
    if (lent > 0) this.#host.loan.giveBack(lent);
    this.retry();
  }

  /** Ends it without telling anybody. */
  cancel(): void {
    this.#isDone = true;
    this.#settle();
    this.#upstream?.cancel();
  }

  head(head: Head, isEnd: boolean): void {
    if (isEnd) this.#ended(head);
  }

  data(bytes: Buffer, start: number, end: number, isEnd: boolean): void {
    if (this.#isDone) return;
    this.#owed += end - start;
    try {
      this.#messages.push(bytes, start, end, (message) => this.#reply(message));
    } catch (e) {
      if (!isFault(e)) throw e;
      this.#upstream?.cancel();
      this.failed({ code: e.kind === 'exhausted' ? Status.resourceExhausted : Status.internal, message: messageOf(e) });
      return;
    }
    if (this.#kind === 'unary') this.#holdPart();
    else this.retry();
    if (isEnd) this.failed({ code: Status.internal, message: 'server closed the stream without sending trailers' });
  }

  /** Has more of a message come that is larger than the window, if that may be lent, and none before it waits for the client. */
  retry(): void {
    const owed = this.#owed;
    if (this.#isDone || owed === 0 || this.#waiting > 0 || this.#messages.pending <= EARLY_CREDIT) return;
    if (!this.#host.loan.take(this, owed)) return;
    this.#owed = 0;
    this.#lent += owed;
    this.#upstream?.passed(owed);
  }

  requestPassed(bytes: number): void {
    this.#requestPassed += bytes;
    this.#host.requestPassed();
  }

  failed(error: NodeError & CallError): void {
    if (this.#isDone) return;
    const { code, message, info } = error;
    const told = info === undefined ? error : { code, message, status: statusWithInfo(code, message, info) };
    this.#waiting++;
    this.#host.replied(this, [buildError(this.target, told, this.#kind)], NO_COST);
    this.#end();
  }

  /** The time for it is over. */
  expire(error: CallError): void {
    if (this.#isDone) return;
    this.#upstream?.cancel();
    this.failed(error);
  }

  cancelled(): void {
    // Its upstream is not told what the client does; the call is.
  }

  #reply(message: Buffer): void {
    if (this.#isDone) return;
    const isStream = this.#kind === 'stream';
    const named = isStream ? namedParts(message, this.target) : [appendInfo(message, this.target, 'unary')];
    const cost = { credit: this.#owed, lent: this.#lent };
    this.#owed = 0;
    this.#lent = 0;
    if (isStream) this.#host.loan.complete(this, cost.lent);
    else if (!this.#host.hold(this, (named[0]?.length ?? 0) - this.#held)) return;
    this.#held = 0;
    this.#waiting++;
    this.#host.replied(this, named, cost);
  }

  /** A part of a single reply counts as if it were whole, and its node may send the rest. */
  #holdPart(): void {
    const more = this.#messages.pending - this.#held;
    if (this.#isDone || !this.#host.hold(this, more)) return;
    this.#held += more;
    const owed = this.#owed;
    this.#owed = 0;
    if (owed > 0) this.#upstream?.passed(owed);
  }

  #ended(trailers: Head): void {
    if (this.#isDone) return;
    const code = Number(trailers.get('grpc-status') ?? Status.unknown);
    if (code === Status.ok) {
      this.#end();
      return;
    }
    const details = trailers.get('grpc-status-details-bin');
    const message = decodeGrpcMessage(trailers.get('grpc-message') ?? '');
    const known = Number.isInteger(code) && code >= 0 ? code : Status.unknown;
    this.failed({ code: known, message, ...(details === undefined ? {} : { status: Buffer.from(details, 'base64') }) });
  }

  #end(): void {
    this.#isDone = true;
    this.#settle();
    this.#host.done(this);
  }

  /** What was lent for a message that never ends goes back, and what was kept of one is given up. */
  #settle(): void {
    this.#messages.drop();
    this.#host.hold(this, -this.#held);
    this.#held = 0;
    const lent = this.#lent;
    this.#lent = 0;
    this.#host.loan.complete(this, lent);
    this.#host.loan.giveBack(lent);
  }
}

const NO_COST: ReplyCost = { credit: 0, lent: 0 };
