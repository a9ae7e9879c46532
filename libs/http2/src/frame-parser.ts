import { ConnectionError, ErrorCode } from './error-code.ts';
import { Flag, FRAME_HEADER, FrameType, MAX_FRAME, PREFACE } from './frame-type.ts';

/** One whole frame that is not DATA; its payload is [start, end) of `bytes`, valid only during the call. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Who gets the frames. Each method may throw a ConnectionError. */
export interface FrameHandler {
  /** DATA begins; `length` counts its padding. */
  dataBegins(id: number, length: number, isEnd: boolean): void;
  /** So many of its bytes are padding, which flow control charges for. */
  dataPadding(bytes: number): void;
  /** Some of its bytes, [start, end); `isEnd`: with these the stream ends. */
  dataBytes(bytes: Buffer, start: number, end: number, isEnd: boolean): void;
  frame(frame: Frame): void;
}

/**
 * Cuts what a connection receives into frames, however it arrives. DATA goes on in pieces as they come; every other frame, of
 * at most 16 KiB, when it is whole. Throws a ConnectionError for what can be seen without knowing streams.
 */
export class FrameParser {
  readonly #handler: FrameHandler;
  #isPrefaceDue: boolean;
  #isFirst = true;
  #tail: Buffer | undefined;
  #dataLeft = 0;
  #isDataEnd = false;
  #blockId = 0;
  #isStopped = false;

  constructor(handler: FrameHandler, role: 'client' | 'server') {
    this.#handler = handler;
    this.#isPrefaceDue = role === 'server';
  }

  /** Nothing more is handed on, also of bytes being parsed now. */
  stop(): void {
    this.#isStopped = true;
    this.#tail = undefined;
  }

  /** Takes received bytes; keeps a copy of what it cannot hand on yet. */
  receive(bytes: Buffer): void {
    let from = 0;
    while (this.#tail !== undefined && !this.#isStopped) {
      const tail: Buffer = this.#tail;
      const take = Math.min(this.#missing(tail), bytes.length - from);
      const joined = Buffer.concat([tail, bytes.subarray(from, from + take)]);
      from += take;
      const used = this.#parse(joined, 0);
      if (this.#isStopped) return;
      this.#tail = used < joined.length ? joined.subarray(used) : undefined;
      if (from === bytes.length) return;
    }
    if (this.#isStopped) return;
    const used = this.#parse(bytes, from);
    if (used < bytes.length && !this.#isStopped) this.#tail = Buffer.from(bytes.subarray(used));
  }

  /** How many bytes complete what `tail` begins: the preface, a frame's header, or the frame. */
  #missing(tail: Buffer): number {
    if (this.#isPrefaceDue) return PREFACE.length - tail.length;
    if (tail.length < FRAME_HEADER) return FRAME_HEADER - tail.length;
    return FRAME_HEADER + tail.readUIntBE(0, 3) - tail.length;
  }

  #parse(bytes: Buffer, start: number): number {
    let at = start;
    if (this.#isPrefaceDue) {
      if (!this.#preface(bytes, at)) return at;
      at += PREFACE.length;
    }
    while (!this.#isStopped) {
      if (this.#dataLeft > 0) {
        const length = Math.min(this.#dataLeft, bytes.length - at);
        if (length === 0) break;
        this.#dataLeft -= length;
        at += length;
        this.#handler.dataBytes(bytes, at - length, at, this.#isDataEnd && this.#dataLeft === 0);
        continue;
      }
      const used = this.#next(bytes, at);
      if (used === 0) break;
      at += used;
    }
    return at;
  }

  #preface(bytes: Buffer, at: number): boolean {
    const length = Math.min(PREFACE.length, bytes.length - at);
    if (bytes.compare(PREFACE, 0, length, at, at + length) !== 0) throw new ConnectionError(ErrorCode.protocolError, 'preface');
    if (length < PREFACE.length) return false;
    this.#isPrefaceDue = false;
    return true;
  }

  /** Handles the frame at a position, or only the header of DATA; gives its length, 0 when it is not whole yet. */
  #next(bytes: Buffer, at: number): number {
    const there = bytes.length - at;
    if (there < FRAME_HEADER) return 0;
    const length = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    const type = bytes[at + 3] as number;
    const flags = bytes[at + 4] as number;
    const id = bytes.readUInt32BE(at + 5) & 0x7fff_ffff;
    if (length > MAX_FRAME) throw new ConnectionError(ErrorCode.frameSizeError, 'frame is too long');
    if (this.#isFirst && type !== FrameType.settings)
      throw new ConnectionError(ErrorCode.protocolError, 'SETTINGS must come first');
    if (this.#blockId !== 0 && (type !== FrameType.continuation || id !== this.#blockId)) {
      throw new ConnectionError(ErrorCode.protocolError, 'CONTINUATION must come next');
    }
    if (type === FrameType.data && (flags & Flag.padded) === 0) {
      this.#dataBegins(id, length, (flags & Flag.endStream) !== 0);
      if (length === 0) this.#handler.dataBytes(bytes, at, at, this.#isDataEnd);
      return FRAME_HEADER;
    }
    if (there < FRAME_HEADER + length) return 0;
    this.#isFirst = false;
    const start = at + FRAME_HEADER;
    const frame = { type, flags, id, bytes, start, end: start + length };
    if (type === FrameType.data) this.#paddedData(frame);
    else this.#whole(frame);
    return FRAME_HEADER + length;
  }

  #whole(frame: Frame): void {
    if (frame.type === FrameType.headers || frame.type === FrameType.continuation) {
      if (frame.id === 0) throw new ConnectionError(ErrorCode.protocolError, 'headers on stream 0');
      if (frame.type === FrameType.continuation && this.#blockId === 0) {
        throw new ConnectionError(ErrorCode.protocolError, 'CONTINUATION without HEADERS');
      }
      this.#blockId = (frame.flags & Flag.endHeaders) === 0 ? frame.id : 0;
    }
    this.#handler.frame(frame);
  }

  #dataBegins(id: number, length: number, isEnd: boolean): void {
    if (id === 0) throw new ConnectionError(ErrorCode.protocolError, 'DATA on stream 0');
    this.#dataLeft = length;
    this.#isDataEnd = isEnd;
    this.#handler.dataBegins(id, length, isEnd);
  }

  #paddedData({ flags, id, bytes, start, end }: Frame): void {
    const padding = end > start ? (bytes[start] as number) : 0;
    if (end - start < 1 + padding) throw new ConnectionError(ErrorCode.protocolError, 'padding is longer than the frame');
    this.#dataBegins(id, end - start, (flags & Flag.endStream) !== 0);
    this.#dataLeft = 0;
    this.#handler.dataPadding(1 + padding);
    this.#handler.dataBytes(bytes, start + 1, end - padding, this.#isDataEnd);
  }
}

/** The block in HEADERS: [start, end) without padding and priority. */
export function headerBlock(frame: Frame): { readonly start: number; readonly end: number } {
  let { start, end } = frame;
  if ((frame.flags & Flag.padded) !== 0) {
    const padding = end > start ? (frame.bytes[start] as number) : 0;
    if (end - start < 1 + padding) throw new ConnectionError(ErrorCode.protocolError, 'padding is longer than the frame');
    start += 1;
    end -= padding;
  }
  if ((frame.flags & Flag.priority) !== 0) {
    if (end - start < 5) throw new ConnectionError(ErrorCode.frameSizeError, 'priority');
    if ((frame.bytes.readUInt32BE(start) & 0x7fff_ffff) === frame.id) {
      throw new ConnectionError(ErrorCode.protocolError, 'stream depends on itself');
    }
    start += 5;
  }
  return { start, end };
}
