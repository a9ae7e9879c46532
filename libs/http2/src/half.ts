import { CONNECTION_LOST, ErrorCode } from './error-code.ts';
import { MAX_WINDOW } from './frame-type.ts';
import { Head } from './head.ts';
import type { Peer } from './peer.ts';
import { type ChunkPools, SendQueue } from './send-queue.ts';
import { NEXT_STATE, type StreamEvent, type StreamState } from './stream-state.ts';
import type { WindowBudget } from './window-budget.ts';

/** What a stream needs of its connection. */
export interface HalfHost {
  readonly role: 'client' | 'server';
  readonly chunks: ChunkPools;
  readonly budget: WindowBudget;
  /** Receive window that a stream starts with. */
  readonly firstWindow: number;
  readonly maxStreamWindow: number;
  readonly peerInitialWindow: number;
  readonly peerMaxFrame: number;
  /** Whether DATA must wait for the socket. */
  readonly isFull: boolean;
  /** What the connection's window still lets out. */
  sendWindow: number;
  /** The header of a DATA frame, whose payload is appended next. */
  beginData(id: number, length: number, isEnd: boolean): void;
  appendData(bytes: Buffer, start: number, end: number): void;
  writeHead(id: number, head: Head, isEnd: boolean): void;
  writeWindowUpdate(id: number, bytes: number): void;
  writeReset(id: number, code: number): void;
  /** Has `pump` called once there is room. */
  wait(half: Half): void;
  /** The stream is over. */
  forget(half: Half): void;
  /** So many bytes more wait to be sent, or, when negative, less. */
  queued(bytes: number): void;
  /** So many received bytes went on, or were given up. */
  uncharge(bytes: number): void;
}

/**
 * One stream of one connection. What it receives goes to its peer at once; what its peer receives it sends as windows and the
 * socket allow, and queues the rest. Only what a peer has passed on is credited back to the sender: that is all of
 * back-pressure.
 */
export class Half implements Peer {
  readonly id: number;
  /** Who gets what arrives; set by whoever opened or accepted the stream, before anything can arrive. */
  peer: Peer | undefined;
  readonly #host: HalfHost;
  #sendWindow: number;
  #receiveWindow: number;
  #target: number;
  #mostWindow: number;
  #credit = 0;
  #unpassed = 0;
  #bodyLeft = -1;
  #queue: SendQueue | undefined;
  #isHeadSent = false;
  #isHeadReceived = false;
  #state: StreamState;
  #isGone = false;

  constructor(host: HalfHost, id: number) {
    this.#host = host;
    this.id = id;
    this.#state = host.role === 'server' ? 'open' : 'idle';
    this.#sendWindow = host.peerInitialWindow;
    this.#receiveWindow = host.firstWindow;
    this.#target = host.firstWindow;
    this.#mostWindow = host.maxStreamWindow;
  }

  /** Whether headers went out, or wait to. */
  get isHeadSent(): boolean {
    return this.#isHeadSent;
  }

  get isHeadReceived(): boolean {
    return this.#isHeadReceived;
  }

  get state(): StreamState {
    return this.#state;
  }

  /** Whether the other end has nothing more to say. */
  get isReceiveEnded(): boolean {
    return this.#state === 'halfClosedRemote' || this.#state === 'closed';
  }

  /** Whether the stream is over: nothing more is sent or received. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Bytes that wait to be sent. */
  get waitingBytes(): number {
    return this.#queue?.bytes ?? 0;
  }

  /** Its receive window will not grow beyond so many bytes, or beyond what all streams may have. */
  limitWindow(bytes: number): void {
    this.#mostWindow = Math.min(bytes, this.#host.maxStreamWindow);
  }

  // ---- as a peer: sending

  head(head: Head, isEnd: boolean): void {
    if (this.#isSendEnded || this.#queue?.isEnd) return;
    this.#isHeadSent = true;
    this.#on('headers');
    if (this.#queue !== undefined) {
      this.#queue.pushHead(head);
      this.#queue.isEnd = isEnd;
      return;
    }
    this.#host.writeHead(this.id, head, isEnd);
    if (isEnd) this.#sendEnded();
  }

  data(bytes: Buffer, start: number, end: number, isEnd: boolean): void {
    if (this.#isSendEnded || this.#queue?.isEnd) return;
    let from = start;
    if (this.#queue === undefined) {
      const sent = this.#send(bytes, start, end, isEnd);
      from += sent;
      if (sent > 0) this.peer?.passed(sent);
      if (from === end) {
        if (isEnd) this.#sendEnded();
        return;
      }
      if (this.#isSendEnded) return;
      this.#queue = new SendQueue(this.#host.chunks);
      if (this.#sendWindow > 0) this.#host.wait(this);
    }
    this.#queue.isEnd = isEnd;
    // An end without bytes rides on the last chunk, which is there: a queue is never empty.
    this.#queue.pushBytes(bytes, from, end);
    this.#host.queued(end - from);
  }

  passed(bytes: number): void {
    if (this.#isGone) return;
    this.#unpassed -= bytes;
    this.#host.uncharge(bytes);
    if (this.isReceiveEnded) return;
    this.#credit += bytes;
    if (this.#credit < this.#target >> 2) return;
    this.#grow();
    this.#host.writeWindowUpdate(this.id, this.#credit);
    this.#receiveWindow += this.#credit;
    this.#credit = 0;
  }

  reset(code: number): void {
    if (this.#isGone) return;
    // A stream that was never announced is idle for the other end, and must not be reset: RFC 9113 §6.4.
    if (this.#state !== 'idle' && this.#state !== 'closed') {
      this.#host.writeReset(this.id, code === CONNECTION_LOST ? ErrorCode.cancel : code);
    }
    this.#drop();
  }

  /** Sends what waited, at most about so many bytes; true when it could go on but for its turn or the connection. */
  pump(most: number): boolean {
    const queue = this.#queue;
    if (queue === undefined) return false;
    let sent = 0;
    for (let item = queue.first; item !== undefined; item = queue.first) {
      const isEnd = queue.isEnd && queue.isLast;
      if (item instanceof Head) {
        this.#host.writeHead(this.id, item, isEnd);
      } else {
        const end = Math.min(item.end, item.start + most - sent);
        const some = this.#send(item.bytes, item.start, end, isEnd && end === item.end);
        sent += some;
        item.start += some;
        if (item.start < item.end) break;
      }
      queue.shift();
    }
    const isDone = queue.isEmpty;
    if (isDone) this.#queue = undefined;
    if (sent > 0) {
      this.#host.queued(-sent);
      this.peer?.passed(sent);
    }
    if (!isDone) return !this.#isGone && this.#sendWindow > 0;
    if (queue.isEnd) this.#sendEnded();
    return false;
  }

  // ---- from the connection: receiving

  /** The other end's window for us changed by so much; false when it is larger than allowed. */
  widen(bytes: number): boolean {
    this.#sendWindow += bytes;
    return this.#sendWindow <= MAX_WINDOW;
  }

  /** Request or response headers. */
  receiveHead(head: Head, isEnd: boolean): void {
    this.#isHeadReceived = true;
    this.#bodyLeft = head.contentLength;
    if (isEnd) this.#on('receiveEnd');
  }

  /** Hands headers or trailers to the peer; the stream may end with them. */
  deliverHead(head: Head, isEnd: boolean): void {
    if (isEnd) this.#on('receiveEnd');
    this.peer?.head(head, isEnd);
    if (isEnd) this.#receiveEnded();
  }

  /** Padding counts for flow control, and is done with at once. */
  receivePadding(bytes: number): void {
    if (this.isReceiveEnded) return;
    this.#receiveWindow -= bytes;
    this.#credit += bytes;
  }

  /** Bytes [start, end) of the body; fails the stream when they break a rule. */
  receiveData(bytes: Buffer, start: number, end: number, isEnd: boolean): void {
    const length = end - start;
    this.#receiveWindow -= length;
    this.#unpassed += length;
    if (this.#receiveWindow < 0) {
      this.fail(ErrorCode.flowControlError);
      return;
    }
    if (!this.#isHeadReceived || !this.#fits(length, isEnd)) {
      this.fail(ErrorCode.protocolError);
      return;
    }
    if (isEnd) this.#on('receiveEnd');
    this.peer?.data(bytes, start, end, isEnd);
    if (isEnd) this.#receiveEnded();
  }

  /** Whether the declared length allows an end here. */
  get isBodyComplete(): boolean {
    return this.#bodyLeft <= 0;
  }

  /** The other end broke a rule on this stream: resets it, and tells the peer. */
  fail(code: number): void {
    if (this.#isGone) return;
    this.reset(code);
    this.peer?.reset(code);
  }

  /** The stream was reset by the other end, or its connection is gone. */
  lost(code: number): void {
    if (this.#isGone) return;
    this.#drop();
    this.peer?.reset(code);
  }

  #fits(length: number, isEnd: boolean): boolean {
    if (this.#bodyLeft < 0) return true;
    this.#bodyLeft -= length;
    return isEnd ? this.#bodyLeft === 0 : this.#bodyLeft >= 0;
  }

  /** Sends what windows and the socket allow of bytes [start, end), and says how much that was. */
  #send(bytes: Buffer, start: number, end: number, isEnd: boolean): number {
    const host = this.#host;
    let from = start;
    do {
      const length = Math.max(0, Math.min(end - from, this.#sendWindow, host.sendWindow, host.peerMaxFrame));
      if (end > from && (length === 0 || host.isFull)) break;
      const isLast = isEnd && from + length === end;
      if (length > 0 || isLast) {
        host.beginData(this.id, length, isLast);
        host.appendData(bytes, from, from + length);
      }
      this.#sendWindow -= length;
      host.sendWindow -= length;
      from += length;
    } while (from < end);
    return from - start;
  }

  /** A stream whose bytes do not wait gets a larger window, as long as the process can afford it. */
  #grow(): void {
    const host = this.#host;
    if (this.#target >= this.#mostWindow || this.#unpassed > this.#target >> 2) return;
    const more = Math.min(this.#target * 4, this.#mostWindow) - this.#target;
    if (!host.budget.take(more)) return;
    this.#target += more;
    this.#credit += more;
  }

  get #isSendEnded(): boolean {
    return this.#state === 'halfClosedLocal' || this.#state === 'closed';
  }

  #on(event: StreamEvent): void {
    this.#state = NEXT_STATE[this.#state][event] ?? this.#state;
  }

  #sendEnded(): void {
    this.#on('sendEnd');
    if (this.#state === 'closed') {
      this.#drop();
      return;
    }
    if (this.#host.role === 'client' || this.#isGone) return;
    // Answered before the request ended: RFC 9113 §8.1.
    this.peer?.reset(ErrorCode.cancel);
    this.reset(ErrorCode.noError);
  }

  #receiveEnded(): void {
    if (this.#isSendEnded) {
      this.#drop();
      return;
    }
    // The answer is complete: what is left of the request interests nobody.
    if (this.#host.role === 'client') this.reset(ErrorCode.cancel);
  }

  #drop(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#on('reset');
    if (this.#queue !== undefined) this.#host.queued(-this.#queue.bytes);
    this.#queue?.clear();
    this.#queue = undefined;
    if (this.#unpassed > 0) this.#host.uncharge(this.#unpassed);
    this.#host.budget.give(this.#target - this.#host.firstWindow);
    this.#host.forget(this);
  }
}
