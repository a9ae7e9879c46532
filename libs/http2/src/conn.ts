import type { Duplex } from 'node:stream';
import type { ConnOptions, OwnerOf } from './conn-owner.ts';
import type { ConnShared } from './conn-shared.ts';
import { CONNECTION_LOST, ConnectionError, ErrorCode } from './error-code.ts';
import { FrameParser } from './frame-parser.ts';
import { DEFAULT_WINDOW, Flag, FrameType, MAX_WINDOW, NOTHING } from './frame-type.ts';
import { FrameWriter } from './frame-writer.ts';
import { writeGreeting } from './greeting.ts';
import { Half, type HalfHost } from './half.ts';
import type { Head } from './head.ts';
import { HpackEncoder } from './hpack-encoder.ts';
import { Incoming, type IncomingHost } from './incoming.ts';
import { PeerSettings } from './peer-settings.ts';
import type { LimitName } from './process-use.ts';
import { ResetMemory } from './reset-memory.ts';
import type { ChunkPools } from './send-queue.ts';
import { SkippedIds } from './skipped-ids.ts';
import { Upkeep } from './upkeep.ts';
import type { WindowBudget } from './window-budget.ts';

/** Stream numbers above this are not used: the connection is left before they run out. */
const LAST_ID = MAX_WINDOW - 10_000;
const KEEPALIVE = Buffer.from('minos-ka', 'latin1');
const DRAIN = Buffer.from('minos-go', 'latin1');

/** One HTTP/2 connection in either role, over a socket that it owns; whoever reads the socket hands it the bytes. */
export class Conn implements HalfHost, IncomingHost {
  readonly role: 'client' | 'server';
  readonly chunks: ChunkPools;
  readonly budget: WindowBudget;
  readonly firstWindow: number;
  readonly maxStreamWindow: number;
  sendWindow = DEFAULT_WINDOW;
  readonly #socket: Duplex;
  readonly #owner: OwnerOf<Conn>;
  readonly #shared: ConnShared;
  readonly #writer: FrameWriter;
  readonly #incoming: Incoming;
  readonly #parser: FrameParser;
  readonly #encoder = new HpackEncoder();
  readonly #peer = new PeerSettings();
  readonly #upkeep: Upkeep;
  readonly #halves = new Map<number, Half>();
  readonly #waiting = new Set<Half>();
  readonly #resets = new ResetMemory();
  readonly #skipped = new SkippedIds();
  #lastId = 0;
  #nextId = 1;
  #isReady = false;
  #isAcknowledged = false;
  #queuedBytes = 0;
  #drain: 'no' | 'announced' | 'draining' = 'no';
  #isClosed = false;

  constructor(socket: Duplex, options: ConnOptions<Conn>) {
    const { shared } = options;
    this.role = options.role;
    this.chunks = shared.chunks;
    this.budget = shared.budget;
    this.maxStreamWindow = shared.limits.streamWindow;
    this.firstWindow = options.role === 'client' ? shared.limits.firstWindow : DEFAULT_WINDOW;
    this.#socket = socket;
    this.#owner = options.owner;
    this.#shared = shared;
    this.#incoming = new Incoming(this, shared);
    this.#parser = new FrameParser(this.#incoming, options.role);
    this.#upkeep = new Upkeep(shared.limits, options.liveness ?? shared.limits, shared.monotonicMs());
    const { output, queue, use } = shared;
    this.#writer = new FrameWriter(socket, { pools: output, queue, use, onProgress: () => this.#progress() });
    socket.on('error', (e: Error) => this.#close(e.message));
    socket.on('close', () => this.#close('connection closed'));
    writeGreeting(this.#writer, this.role, shared.limits);
  }

  /** How many streams are open. */
  get streams(): number {
    return this.#halves.size;
  }

  /** Bytes of its streams that wait here: received and not passed on, or not sent yet. */
  get heldBytes(): number {
    return this.#incoming.unpassedBytes + this.#queuedBytes;
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
    if (this.#nextId > LAST_ID) {
      this.#shared.use.hit('streamIds');
      this.drain();
    }
    return half;
  }

  /** Takes bytes that were received; they are not kept. */
  receive(bytes: Buffer): void {
    if (this.#isClosed) return;
    this.#upkeep.heard(this.#shared.monotonicMs());
    try {
      this.#parser.receive(bytes);
      if (this.#writer.pending > this.#shared.limits.maxPending) {
        this.#shared.use.hit('unread');
        this.destroy('peer does not read');
      }
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
    this.#writer.goaway(MAX_WINDOW, ErrorCode.noError, '');
    this.#writer.frame(FrameType.ping, 0, 0, DRAIN);
  }

  /** Ends the connection with a code; every open stream is lost. */
  fail(code: number, why: string): void {
    if (this.#isClosed) return;
    this.#writer.goaway(this.#lastId, code, why);
    this.#writer.flush();
    this.#socket.end();
    this.#close(why);
  }

  /** Ends the connection at once. */
  destroy(why: string): void {
    this.#close(why);
    this.#socket.destroy();
  }

  /**
   * To be called from time to time: pings a silent peer that has open streams, gives up one that does not answer, or that
   * takes too long for something else, and leaves a connection that nobody uses.
   */
  checkLiveness(): void {
    if (this.#isClosed) return;
    const verdict = this.#upkeep.check({
      nowMs: this.#shared.monotonicMs(),
      isReady: this.#isReady,
      isAcknowledged: this.#isAcknowledged,
      hasStreams: this.#halves.size > 0,
      blockSinceMs: this.#incoming.blockSinceMs,
      pending: this.#writer.pending,
    });
    if (verdict === 'nothing') return;
    if (verdict === 'ping') {
      this.#writer.frame(FrameType.ping, 0, 0, KEEPALIVE);
      return;
    }
    this.#shared.use.hit(verdict);
    if (verdict === 'idle') this.leave();
    else if (verdict === 'keepalive') this.destroy('peer does not answer');
    else if (verdict === 'headerBlockTime') this.fail(ErrorCode.enhanceYourCalm, 'header block took too long');
    else this.fail(ErrorCode.settingsTimeout, `${verdict} took too long`);
  }

  /** Leaves a connection that nobody should use any more: at once when it has no streams. */
  leave(): void {
    if (this.#halves.size === 0) this.fail(ErrorCode.noError, 'not needed any more');
    else this.drain();
  }

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
    if (!this.#halves.delete(half.id)) return;
    if (this.role === 'server') this.#shared.use.streams--;
    if (this.#isClosed) return;
    this.#endWhenEmpty();
    this.#owner.streamEnded?.(this);
  }

  queued(bytes: number): void {
    this.#queuedBytes += bytes;
    if (this.role === 'server') this.#shared.use.heldBytes += bytes;
  }

  uncharge(bytes: number): void {
    if (!this.#isClosed) this.#incoming.uncharge(bytes);
  }

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

  accept(id: number, head: Head, isEnd: boolean): number {
    if (this.#drain === 'draining') return ErrorCode.refusedStream;
    const { use } = this.#shared;
    const limit = this.#fullness();
    if (limit !== undefined) {
      use.hit(limit);
      return limit === 'heldByConnection' ? ErrorCode.enhanceYourCalm : ErrorCode.refusedStream;
    }
    this.#opened(id);
    if (id > LAST_ID) {
      use.hit('streamIds');
      this.drain();
    }
    use.streams++;
    const half = new Half(this, id);
    this.#halves.set(id, half);
    half.receiveHead(head, isEnd);
    this.#owner.request?.(half, head, isEnd);
    return 0;
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

  settingsAcknowledged(): void {
    this.#isAcknowledged = true;
  }

  ping(payload: Buffer, isAck: boolean): void {
    if (!isAck) {
      this.#writer.frame(FrameType.ping, Flag.ack, 0, payload);
      return;
    }
    if (this.#drain !== 'announced' || !payload.equals(DRAIN)) return;
    this.#writer.goaway(this.#lastId, ErrorCode.noError, '');
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

  /** Why no other stream can be taken now. */
  #fullness(): LimitName | undefined {
    const { limits, use } = this.#shared;
    if (this.#halves.size >= limits.maxStreams) return 'streams';
    if (use.streams >= limits.maxStreamsTotal) return 'streamsTotal';
    return this.heldBytes > limits.serverBacklog ? 'heldByConnection' : undefined;
  }

  #opened(id: number): void {
    this.#skipped.opened(id, this.#lastId === 0 ? -1 : this.#lastId);
    this.#lastId = id;
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
    if (this.role === 'client') this.#writer.goaway(0, ErrorCode.noError, '');
    this.#writer.flush();
    this.#socket.end();
    this.#close('drained');
  }

  #close(why: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#parser.stop();
    this.#incoming.stop();
    for (const half of [...this.#halves.values()]) half.lost(CONNECTION_LOST);
    this.#writer.close();
    this.#owner.closed?.(this, why);
  }
}
