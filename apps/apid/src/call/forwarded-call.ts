import type { Head } from '@minos/http2';
import type { Backend } from '../backend/backend.ts';
import type { CallDeps } from './call-deps.ts';
import type { CallFront } from './call-front.ts';
import type { CallRecord } from './call-record.ts';
import type { Expiring } from './deadline-queue.ts';
import { decodeGrpcMessage } from './grpc-message.ts';
import { type CallError, Status } from './grpc-status.ts';
import { HopTrace, withTrace } from './hop-trace.ts';
import type { Endable } from './open-calls.ts';
import { endWith } from './reply.ts';
import { DEADLINE_EXCEEDED, Upstream, type UpstreamSink } from './upstream.ts';

/** Where one call goes. */
export interface ForwardTo {
  readonly backend: Backend;
  readonly name: string;
  /** Whether a call that was lost without an answer may be asked again. */
  readonly isRepeatable: boolean;
}

/** A call to one place: its bytes go through as they are, in both directions; errors stay gRPC errors. */
export class ForwardedCall implements UpstreamSink, Expiring, Endable {
  readonly #front: CallFront;
  readonly #record: CallRecord;
  readonly #upstream: Upstream;
  readonly #trace: HopTrace | undefined;
  #isOver = false;

  constructor(front: CallFront, record: CallRecord, to: ForwardTo, deps: CallDeps) {
    this.#front = front;
    this.#record = record;
    const monotonicMs = (): number => deps.clock.monotonicMs();
    this.#trace = record.plan.isTraced ? new HopTrace(to.name, record.startedMs, monotonicMs) : undefined;
    this.#upstream = new Upstream({
      ...to,
      head: record.plan.head,
      sink: this,
      timeoutMs: record.plan.timeoutMs,
      startedMs: record.startedMs,
      monotonicMs,
      trace: this.#trace,
    });
  }

  /** Begins; `isEnd`: the request has no body. */
  start(isEnd: boolean): void {
    this.#front.peer = this.#upstream;
    this.#record.begin(this);
    if (this.#record.plan.timeoutMs !== undefined) this.#record.limit(this.#record.plan.timeoutMs, this);
    this.#upstream.start(isEnd);
  }

  head(head: Head, isEnd: boolean): void {
    if (isEnd) this.#finished(Number(head.get('grpc-status') ?? Status.unknown), head.get('grpc-message') ?? '');
    this.#front.head(isEnd && this.#trace !== undefined ? withTrace(head, this.#trace.entries()) : head, isEnd);
  }

  data(bytes: Buffer, start: number, end: number, isEnd: boolean): void {
    if (isEnd) this.#finished(Status.unknown, 'answer without a status');
    this.#front.data(bytes, start, end, isEnd);
  }

  requestPassed(bytes: number): void {
    this.#front.passed(bytes);
  }

  failed(error: CallError): void {
    this.#finished(error.code, error.message);
    endWith(this.#front, error, this.#trace?.entries());
  }

  expire(): void {
    this.abandon(DEADLINE_EXCEEDED);
  }

  abandon(error: CallError): void {
    if (this.#isOver) return;
    this.#upstream.cancel();
    this.failed(error);
  }

  cancelled(): void {
    this.#finished(Status.cancelled, 'cancelled by the client');
  }

  #finished(code: number, message: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#record.finished(code, decodeGrpcMessage(message));
  }
}
