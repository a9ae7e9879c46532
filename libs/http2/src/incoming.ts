import { checkHead } from './check-head.ts';
import type { ConnShared } from './conn-shared.ts';
import { ConnectionError, ErrorCode } from './error-code.ts';
import { FloodGuard } from './flood-guard.ts';
import { type Frame, type FrameHandler, headerBlock } from './frame-parser.ts';
import { Flag, FrameType, MAX_WINDOW } from './frame-type.ts';
import type { Half } from './half.ts';
import type { Head } from './head.ts';
import { HpackDecoder } from './hpack-decoder.ts';
import { type ReceiverState, type StreamFrame, VERDICTS } from './stream-state.ts';

/** What frames do to a connection. */
export interface IncomingHost {
  readonly role: 'client' | 'server';
  find(id: number): Half | undefined;
  /** Whether this number was never used for a stream. */
  isIdle(id: number): boolean;
  /** Whether this end has reset the stream of late. */
  wasReset(id: number): boolean;
  /** Server: whether the client left this number out when it opened a later stream. */
  wasSkipped(id: number): boolean;
  /** Server: a client opened a stream with a valid request; gives the code with which it has to be refused, 0 when it was taken. */
  accept(id: number, head: Head, isEnd: boolean): number;
  /** Server: the stream that a client opened is reset at once. */
  refuse(id: number, code: number): void;
  writeWindowUpdate(id: number, bytes: number): void;
  /** SETTINGS with entries [start, end). */
  settings(bytes: Buffer, start: number, end: number): void;
  /** The other end has taken our settings. */
  settingsAcknowledged(): void;
  /** PING, or the answer to one. */
  ping(payload: Buffer, isAck: boolean): void;
  goaway(lastId: number): void;
  /** The other end takes so many bytes more, on one stream or, without it, on the connection; throws when that is too much. */
  widen(bytes: number, half: Half | undefined): void;
}

const LONGEST_BLOCK = 128 * 1024;
/** Frames that move less than this are counted as floods when there are many of them. */
const TINY = 256;

/** Gives meaning to the frames of one connection (RFC 9113 §5, §6), and keeps the receiving side of its flow control. */
export class Incoming implements FrameHandler {
  readonly #host: IncomingHost;
  readonly #shared: ConnShared;
  readonly #decoder: HpackDecoder;
  readonly #flood: FloodGuard;
  readonly #resets: FloodGuard;
  #receiveWindow: number;
  #credit = 0;
  #unpassed = 0;
  #dataHalf: Half | undefined;
  #block: Buffer[] = [];
  #blockBytes = 0;
  #blockSinceMs = 0;
  #isBlockEnd = false;

  constructor(host: IncomingHost, shared: ConnShared) {
    const { limits, use, monotonicMs: now } = shared;
    this.#host = host;
    this.#shared = shared;
    this.#decoder = new HpackDecoder(limits.headerListBytes);
    const frames = { burst: limits.floodBurst, perSecond: limits.floodBurst, what: 'frames that carry nothing' };
    this.#flood = new FloodGuard({ ...frames, onFlood: () => use.hit('flood'), now });
    const resets = { burst: limits.resetBurst, perSecond: limits.resetsPerSecond, what: 'streams that are reset' };
    this.#resets = new FloodGuard({ ...resets, onFlood: () => use.hit('resets'), now });
    this.#receiveWindow = limits.connectionWindow;
  }

  /** Received bytes that wait for those they go to. */
  get unpassedBytes(): number {
    return this.#unpassed;
  }

  /** Since when a header block waits for its end; undefined without one. */
  get blockSinceMs(): number | undefined {
    return this.#block.length === 0 ? undefined : this.#blockSinceMs;
  }

  /** Gives up what waits. */
  stop(): void {
    this.#dropBlock();
    this.#hold(-this.#unpassed);
  }

  /** So many of the received bytes do not wait any more. */
  uncharge(bytes: number): void {
    this.#hold(-bytes);
    this.#giveCredit();
  }

  dataBegins(id: number, length: number, isEnd: boolean): void {
    this.#dataHalf = this.#known(id, 'data');
    if (length === 0 && !isEnd) this.#flood.strike();
  }

  dataPadding(bytes: number): void {
    this.#charge(bytes);
    this.#dataHalf?.receivePadding(bytes);
  }

  dataBytes(bytes: Buffer, start: number, end: number, isEnd: boolean): void {
    this.#charge(end - start);
    const half = this.#dataHalf;
    if (half !== undefined && !half.isReceiveEnded) {
      this.#hold(end - start);
      half.receiveData(bytes, start, end, isEnd);
    }
    this.#giveCredit();
  }

  frame(frame: Frame): void {
    switch (frame.type) {
      case FrameType.headers:
        this.#headers(frame);
        return;
      case FrameType.continuation:
        this.#continuation(frame);
        return;
      case FrameType.rstStream:
        this.#rstStream(frame);
        return;
      case FrameType.settings:
        this.#settings(frame);
        return;
      case FrameType.ping:
        this.#ping(frame);
        return;
      case FrameType.goaway:
        this.#goaway(frame);
        return;
      case FrameType.windowUpdate:
        this.#windowUpdate(frame);
        return;
      case FrameType.priority:
        this.#priority(frame);
        return;
      case FrameType.pushPromise:
        throw new ConnectionError(ErrorCode.protocolError, 'PUSH_PROMISE');
      default:
        // Frames of unknown types mean nothing: RFC 9113 §5.5.
        this.#flood.strike();
    }
  }

  #headers(frame: Frame): void {
    const { start, end } = headerBlock(frame);
    this.#isBlockEnd = (frame.flags & Flag.endStream) !== 0;
    if ((frame.flags & Flag.endHeaders) !== 0) {
      this.#headBlock(frame.id, frame.bytes, start, end);
      return;
    }
    this.#blockSinceMs = this.#shared.monotonicMs();
    this.#addToBlock(frame.bytes, start, end);
  }

  #continuation({ id, flags, bytes, start, end }: Frame): void {
    if (end - start < TINY) this.#flood.strike();
    this.#addToBlock(bytes, start, end);
    if ((flags & Flag.endHeaders) === 0) return;
    const block = Buffer.concat(this.#block);
    this.#dropBlock();
    this.#headBlock(id, block, 0, block.length);
  }

  #addToBlock(bytes: Buffer, start: number, end: number): void {
    const { use, limits } = this.#shared;
    this.#block.push(Buffer.from(bytes.subarray(start, end)));
    this.#blockBytes += end - start;
    use.blockBytes += end - start;
    const limit = this.#blockBytes > LONGEST_BLOCK ? 'headerBlock' : 'headerBlocksTotal';
    if (limit === 'headerBlocksTotal' && use.blockBytes <= limits.headerBlocksTotal) return;
    use.hit(limit);
    throw new ConnectionError(ErrorCode.enhanceYourCalm, 'header block is too long');
  }

  #dropBlock(): void {
    this.#shared.use.blockBytes -= this.#blockBytes;
    this.#blockBytes = 0;
    this.#block = [];
  }

  #hold(bytes: number): void {
    this.#unpassed += bytes;
    if (this.#host.role === 'server') this.#shared.use.heldBytes += bytes;
  }

  #headBlock(id: number, bytes: Buffer, start: number, end: number): void {
    // Decoded in any case: the table of the connection must follow.
    const head = this.#decoder.decode(bytes, start, end);
    const isEnd = this.#isBlockEnd;
    if (this.#host.role === 'server' && this.#host.isIdle(id)) {
      this.#request(id, head, isEnd);
      return;
    }
    const half = this.#known(id, 'headers');
    if (half === undefined) return;
    const isTrailers = half.isHeadReceived;
    checkHead(head, isTrailers ? 'trailers' : 'response');
    if (head.problem !== 0) {
      half.fail(head.problem);
      return;
    }
    if (isTrailers) {
      if (isEnd && half.isBodyComplete) half.deliverHead(head, true);
      else half.fail(ErrorCode.protocolError);
      return;
    }
    // An informational response is not passed on: nobody in gRPC sends or waits for one.
    if (head.get(':status')?.startsWith('1')) {
      if (isEnd) half.fail(ErrorCode.protocolError);
      else this.#flood.strike();
      return;
    }
    half.receiveHead(head, isEnd);
    half.deliverHead(head, isEnd);
  }

  #request(id: number, head: Head, isEnd: boolean): void {
    if ((id & 1) === 0) throw new ConnectionError(ErrorCode.protocolError, 'stream with an even number');
    checkHead(head, 'request');
    if (head.problem === ErrorCode.enhanceYourCalm) this.#shared.use.hit('headerList');
    const problem = isEnd && head.contentLength > 0 ? ErrorCode.protocolError : head.problem;
    const refusal = problem === 0 ? this.#host.accept(id, head, isEnd) : problem;
    if (refusal === 0) return;
    this.#flood.strike();
    this.#host.refuse(id, refusal);
  }

  #rstStream({ id, bytes, start, end }: Frame): void {
    if (end - start !== 4) throw new ConnectionError(ErrorCode.frameSizeError, 'RST_STREAM');
    this.#flood.strike();
    if (this.#host.role === 'server') this.#resets.strike();
    this.#known(id, 'rstStream')?.lost(bytes.readUInt32BE(start));
  }

  #settings({ id, flags, bytes, start, end }: Frame): void {
    const isAck = (flags & Flag.ack) !== 0;
    const length = end - start;
    if (id !== 0) throw new ConnectionError(ErrorCode.protocolError, 'SETTINGS on a stream');
    if (isAck ? length !== 0 : length % 6 !== 0) throw new ConnectionError(ErrorCode.frameSizeError, 'SETTINGS');
    this.#flood.strike();
    if (isAck) this.#host.settingsAcknowledged();
    else this.#host.settings(bytes, start, end);
  }

  #ping({ id, flags, bytes, start, end }: Frame): void {
    if (id !== 0) throw new ConnectionError(ErrorCode.protocolError, 'PING on a stream');
    if (end - start !== 8) throw new ConnectionError(ErrorCode.frameSizeError, 'PING');
    this.#flood.strike();
    this.#host.ping(bytes.subarray(start, end), (flags & Flag.ack) !== 0);
  }

  #goaway({ id, bytes, start, end }: Frame): void {
    if (id !== 0) throw new ConnectionError(ErrorCode.protocolError, 'GOAWAY on a stream');
    if (end - start < 8) throw new ConnectionError(ErrorCode.frameSizeError, 'GOAWAY');
    this.#flood.strike();
    this.#host.goaway(bytes.readUInt32BE(start) & MAX_WINDOW);
  }

  #windowUpdate({ id, bytes, start, end }: Frame): void {
    if (end - start !== 4) throw new ConnectionError(ErrorCode.frameSizeError, 'WINDOW_UPDATE');
    const more = bytes.readUInt32BE(start) & MAX_WINDOW;
    if (more < TINY) this.#flood.strike();
    const half = id === 0 ? undefined : this.#known(id, 'windowUpdate');
    if (id !== 0 && half === undefined) return;
    if (more > 0) {
      this.#host.widen(more, half);
      return;
    }
    if (half === undefined) throw new ConnectionError(ErrorCode.protocolError, 'WINDOW_UPDATE of 0');
    half.fail(ErrorCode.protocolError);
  }

  #priority({ id, bytes, start, end }: Frame): void {
    if (id === 0) throw new ConnectionError(ErrorCode.protocolError, 'PRIORITY on stream 0');
    this.#flood.strike();
    if (end - start !== 5) throw new ConnectionError(ErrorCode.frameSizeError, 'PRIORITY');
    if ((bytes.readUInt32BE(start) & MAX_WINDOW) === id)
      throw new ConnectionError(ErrorCode.protocolError, 'stream depends on itself');
  }

  /** The stream that a frame is for; undefined when the frame must be ignored. */
  #known(id: number, frame: StreamFrame): Half | undefined {
    const half = this.#host.find(id);
    switch (VERDICTS[half?.state ?? this.#stateWithout(id)][frame]) {
      case 'take':
        return half;
      case 'ignore':
        return undefined;
      case 'streamClosed':
        half?.fail(ErrorCode.streamClosed);
        return undefined;
      case 'connectionClosed':
        throw new ConnectionError(ErrorCode.streamClosed, 'frame for a closed stream');
      case 'protocol':
        throw new ConnectionError(ErrorCode.protocolError, 'frame for an idle stream');
    }
  }

  #stateWithout(id: number): ReceiverState {
    if (id === 0 || this.#host.isIdle(id)) return 'idle';
    if (this.#host.wasReset(id)) return 'reset';
    return this.#host.wasSkipped(id) ? 'skipped' : 'closed';
  }

  #charge(bytes: number): void {
    this.#receiveWindow -= bytes;
    if (this.#receiveWindow < 0) throw new ConnectionError(ErrorCode.flowControlError, 'connection window');
    this.#credit += bytes;
  }

  /** The connection's window is opened on receipt, else a few stalled streams would stall all; but not without bound. */
  #giveCredit(): void {
    const { connectionWindow, serverBacklog } = this.#shared.limits;
    if (this.#credit < connectionWindow >> 2) return;
    if (this.#host.role === 'server' && this.#unpassed > serverBacklog) return;
    this.#host.writeWindowUpdate(0, this.#credit);
    this.#receiveWindow += this.#credit;
    this.#credit = 0;
  }
}
