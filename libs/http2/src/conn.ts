import type { Duplex } from 'node:stream';
import type { ConnShared } from './conn-shared.ts';
import { CONNECTION_LOST, ConnectionError, ErrorCode } from './error-code.ts';
import { FrameParser } from './frame-parser.ts';
import { DEFAULT_WINDOW, Flag, FrameType, MAX_WINDOW, NOTHING, PREFACE, Setting } from './frame-type.ts';
import { FrameWriter } from './frame-writer.ts';
import { Half, type HalfHost } from './half.ts';
import type { Head } from './head.ts';
import { HpackEncoder } from './hpack-encoder.ts';
import { Incoming, type IncomingHost } from './incoming.ts';
import { Liveness, type LivenessLimits } from './liveness.ts';
import { PeerSettings } from './peer-settings.ts';
import { ResetMemory } from './reset-memory.ts';
import type { ChunkPools } from './send-queue.ts';
import { SkippedIds } from './skipped-ids.ts';
import type { WindowBudget } from './window-budget.ts';

/** Who owns a connection and hears about it. */
export interface ConnOwner {
  /** Server: a client opened a stream. The owner sets `half.peer` before it returns, or answers at once. */
  request?(half: Half, head: Head, isEnd: boolean): void;
  /** The other end has sent its settings: it speaks HTTP/2. */
  ready?(conn: Conn): void;
  /** A stream is over: there is room for another. */
  streamEnded?(conn: Conn): void;
  /** The connection is gone, and every stream has been told. Called once. */
  closed?(conn: Conn, why: string): void;
  /** An owner or a peer threw, which is a bug; the connection is closed. */
  failed?(conn: Conn, error: unknown): void;
}

/** How a connection is set up. */
export interface ConnOptions {
  readonly role: 'client' | 'server';
  readonly owner: ConnOwner;
  readonly shared: ConnShared;
  /** Instead of those among the limits. */
  readonly liveness?: LivenessLimits;
}

/** Stream numbers above this are not used: the connection is left before they run out. */
const LAST_ID = MAX_WINDOW - 10_000;
const KEEPALIVE = Buffer.from('minos-ka', 'latin1');
const DRAIN = Buffer.from('minos-go', 'latin1');

/** One HTTP/2 connection in either role, over a socket that it owns; whoever reads the socket hands it the bytes. */
export class Conn implements HalfHost, IncomingHost {
  readonly role: 'client' | 'server';
  readonly chunks: ChunkPools;
  readonly budget: WindowBudget;
  readonly maxStreamWindow: number;
  sendWindow = DEFAULT_WINDOW;
  readonly #socket: Duplex;
  readonly #owner: ConnOwner;
  readonly #shared: ConnShared;
  readonly #writer: FrameWriter;
  readonly #incoming: Incoming;
  readonly #parser: FrameParser;
  readonly #encoder = new HpackEncoder();
  readonly #peer = new PeerSettings();
  readonly #liveness: Liveness;
  readonly #halves = new Map<number, Half>();
  readonly #waiting = new Set<Half>();
  readonly #resets = new ResetMemory();
  readonly #skipped = new SkippedIds();
  #lastId = 0;
  #nextId = 1;
  #isReady = false;
  #drain: 'no' | 'announced' | 'draining' = 'no';
  #isClosed = false;

  constructor(socket: Duplex, options: ConnOptions) {
    const { shared } = options;
    this.role = options.role;
    this.chunks = shared.chunks;
    this.budget = shared.budget;
    this.maxStreamWindow = shared.limits.streamWindow;
    this.#socket = socket;
    this.#owner = options.owner;
    this.#shared = shared;
    this.#incoming = new Incoming(this, shared.limits, shared.monotonicMs);
    this.#parser = new FrameParser(this.#incoming, options.role);
    this.#liveness = new Liveness(options.liveness ?? shared.limits, shared.monotonicMs());
    this.#writer = new FrameWriter(socket, { pool: shared.blocks, queue: shared.queue, onProgress: () => this.#progress() });
    socket.on('error', (e: Error) => this.#close(e.message));
    socket.on('close', () => this.#close('connection closed'));
    this.#greet();
  }

  /** How many streams are open. */
  get streams(): number {
    return this.#halves.size;
  }

  /** How many streams this end has reset since the beginning. */
  get resetsSent(): number {
    return this.#resets.sent;
  }

  /** Client: whether a new stream may be opened now. */
  get canOpen(): boolean {
    return !this.isDraining && !this.#isClosed && this.#halves.size < this.#peer.maxStreams;
  }

  /** Whether either end is leaving, so that no more streams are opened. */
  get isDraining(): boolean {
    return this.#drain !== 'no';
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get peerInitialWindow(): number {
    return this.#peer.initialWindow;
  }

  get peerMaxFrame(): number {
    return this.#peer.maxFrame;
  }

  get isFull(): boolean {
    return this.#writer.isFull;
  }

  /** Client: a new stream, whose headers must be sent before another is opened. Only while `canOpen`. */
  open(): Half {
    const half = new Half(this, this.#nextId);
    this.#nextId += 2;
    this.#halves.set(half.id, half);
    if (this.#nextId > LAST_ID) this.drain();
    return half;
  }

  /** Takes bytes that were received; they are not kept. */
  receive(bytes: Buffer): void {
    if (this.#isClosed) return;
    this.#liveness.heard(this.#shared.monotonicMs());
    try {
      this.#parser.receive(bytes);
      if (this.#writer.pending > this.#shared.limits.maxPending) this.destroy('peer does not read');
    } catch (e) {
      if (e instanceof ConnectionError) {
        this.fail(e.code, e.message);
        return;
      }
      this.fail(ErrorCode.internalError, 'internal error');
      this.#owner.failed?.(this, e);
    }
  }

  /** Takes no new streams, lets those that are open end, then closes. */
  drain(): void {
    if (this.#isClosed || this.isDraining) return;
    this.#drain = 'announced';
    if (this.role === 'client') {
      this.#endWhenEmpty();
      return;
    }
    // Streams that the client opened before it hears of this are still taken, and the PING tells when it has: RFC 9113 §6.8.
    this.#goaway(MAX_WINDOW, ErrorCode.noError, '');
    this.#writer.frame(FrameType.ping, 0, 0, DRAIN);
  }

  /** Ends the connection with a code; every open stream is lost. */
  fail(code: number, why: string): void {
    if (this.#isClosed) return;
    this.#goaway(this.#lastId, code, why);
    this.#writer.flush();
    this.#socket.end();
    this.#close(why);
  }

  /** Ends the connection at once. */
  destroy(why: string): void {
    this.#close(why);
    this.#socket.destroy();
  }

  /** To be called from time to time: pings a silent peer that has open streams, and gives up one that does not answer. */
  checkLiveness(): void {
    if (this.#isClosed) return;
    const nowMs = this.#shared.monotonicMs();
    const verdict = this.#liveness.check({ nowMs, hasStreams: this.#halves.size > 0, pending: this.#writer.pending });
    if (verdict === 'ping') this.#writer.frame(FrameType.ping, 0, 0, KEEPALIVE);
    if (verdict === 'dead') this.destroy('peer does not answer');
  }

  // ---- for the streams

  beginData(id: number, length: number, isEnd: boolean): void {
    this.#writer.begin(FrameType.data, isEnd ? Flag.endStream : 0, id, length);
  }

  appendData(bytes: Buffer, start: number, end: number): void {
    this.#writer.append(bytes, start, end);
  }

  writeHead(id: number, head: Head, isEnd: boolean): void {
    this.#writer.headers(id, this.#encoder.encode(head), isEnd, this.#peer.maxFrame);
  }

  writeWindowUpdate(id: number, bytes: number): void {
    this.#writer.number(FrameType.windowUpdate, id, bytes);
  }

  writeReset(id: number, code: number): void {
    this.#writer.number(FrameType.rstStream, id, code);
    this.#resets.add(id);
  }

  wait(half: Half): void {
    this.#waiting.add(half);
  }

  forget(half: Half): void {
    this.#waiting.delete(half);
    if (!this.#halves.delete(half.id) || this.#isClosed) return;
    this.#endWhenEmpty();
    this.#owner.streamEnded?.(this);
  }

  uncharge(bytes: number): void {
    if (!this.#isClosed) this.#incoming.uncharge(bytes);
  }

  // ---- for what comes in

  find(id: number): Half | undefined {
    return this.#halves.get(id);
  }

  isIdle(id: number): boolean {
    return this.role === 'server' ? (id & 1) === 0 || id > this.#lastId : (id & 1) === 0 || id >= this.#nextId;
  }

  wasReset(id: number): boolean {
    return this.#resets.has(id);
  }

  wasSkipped(id: number): boolean {
    return this.#skipped.has(id);
  }

  accept(id: number, head: Head, isEnd: boolean): boolean {
    if (this.#drain === 'draining' || this.#halves.size >= this.#shared.limits.maxStreams) return false;
    this.#opened(id);
    if (id > LAST_ID) this.drain();
    const half = new Half(this, id);
    this.#halves.set(id, half);
    half.receiveHead(head, isEnd);
    this.#owner.request?.(half, head, isEnd);
    return true;
  }

  refuse(id: number, code: number): void {
    this.#opened(id);
    this.writeReset(id, code);
  }

  settings(bytes: Buffer, start: number, end: number): void {
    const before = this.#peer.initialWindow;
    const tableBytes = this.#peer.read(bytes, start, end, this.role);
    if (tableBytes !== undefined) this.#encoder.limitTable(tableBytes);
    const more = this.#peer.initialWindow - before;
    for (const half of this.#halves.values()) {
      if (!half.widen(more)) throw new ConnectionError(ErrorCode.flowControlError, 'initial window');
      if (more > 0) this.#waiting.add(half);
    }
    this.#writer.frame(FrameType.settings, Flag.ack, 0, NOTHING);
    this.#pumpAll();
    if (this.#isReady) return;
    this.#isReady = true;
    this.#owner.ready?.(this);
  }

  ping(payload: Buffer, isAck: boolean): void {
    if (!isAck) {
      this.#writer.frame(FrameType.ping, Flag.ack, 0, payload);
      return;
    }
    if (this.#drain !== 'announced' || !payload.equals(DRAIN)) return;
    this.#goaway(this.#lastId, ErrorCode.noError, '');
    this.#drain = 'draining';
    this.#endWhenEmpty();
  }

  goaway(lastId: number): void {
    this.#drain = 'draining';
    if (this.role === 'client') {
      // The other end has not looked at these, so they may be tried elsewhere.
      for (const half of [...this.#halves.values()]) if (half.id > lastId) half.lost(ErrorCode.refusedStream);
    }
    this.#endWhenEmpty();
  }

  widen(bytes: number, half: Half | undefined): void {
    if (half === undefined) {
      this.sendWindow += bytes;
      if (this.sendWindow > MAX_WINDOW) throw new ConnectionError(ErrorCode.flowControlError, 'connection window');
      this.#pumpAll();
      return;
    }
    if (!half.widen(bytes)) {
      half.fail(ErrorCode.flowControlError);
      return;
    }
    this.#waiting.delete(half);
    if (half.pump(this.isFull ? 0 : MAX_WINDOW)) this.#waiting.add(half);
  }

  // ---- inside

  #opened(id: number): void {
    this.#skipped.opened(id, this.#lastId === 0 ? -1 : this.#lastId);
    this.#lastId = id;
  }

  #greet(): void {
    const { limits } = this.#shared;
    if (this.role === 'client') this.#writer.raw(PREFACE);
    const [first, value] = this.role === 'client' ? [Setting.enablePush, 0] : [Setting.maxConcurrentStreams, limits.maxStreams];
    const payload = Buffer.alloc(12);
    payload.writeUInt16BE(first, 0);
    payload.writeUInt32BE(value, 2);
    payload.writeUInt16BE(Setting.maxHeaderListSize, 6);
    payload.writeUInt32BE(limits.headerListBytes, 8);
    this.#writer.frame(FrameType.settings, 0, 0, payload);
    this.writeWindowUpdate(0, limits.connectionWindow - DEFAULT_WINDOW);
  }

  #goaway(lastId: number, code: number, why: string): void {
    const text = Buffer.from(why);
    const payload = Buffer.alloc(8 + text.length);
    payload.writeUInt32BE(lastId, 0);
    payload.writeUInt32BE(code, 4);
    text.copy(payload, 8);
    this.#writer.frame(FrameType.goaway, 0, 0, payload);
  }

  /** A frame each in turn, until all are stopped by their windows or by the socket. */
  #pumpAll(): void {
    for (const half of this.#waiting) {
      if (this.isFull || this.sendWindow <= 0) return;
      this.#waiting.delete(half);
      if (half.pump(this.#peer.maxFrame)) this.#waiting.add(half);
    }
  }

  /** The socket has taken some bytes. */
  #progress(): void {
    if (this.#waiting.size > 0 && !this.isFull) this.#pumpAll();
  }

  #endWhenEmpty(): void {
    const isLeaving = this.role === 'client' ? this.isDraining : this.#drain === 'draining';
    if (!isLeaving || this.#halves.size > 0 || this.#isClosed) return;
    if (this.role === 'client') this.#goaway(0, ErrorCode.noError, '');
    this.#writer.flush();
    this.#socket.end();
    this.#close('drained');
  }

  #close(why: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#parser.stop();
    for (const half of [...this.#halves.values()]) half.lost(CONNECTION_LOST);
    this.#writer.close();
    this.#owner.closed?.(this, why);
  }
}
