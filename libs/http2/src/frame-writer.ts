import type { Duplex } from 'node:stream';
import type { BlockPool } from './block-pool.ts';
import type { FlushQueue } from './flush-queue.ts';
import { Flag, FRAME_HEADER, FrameType } from './frame-type.ts';
import type { ProcessUse } from './process-use.ts';

/** More than this on its way: DATA must wait, other frames still go. */
const HIGH_WATER = 512 * 1024;
/** The same while all connections together have much on their way. */
const LOW_WATER = 64 * 1024;
const MUCH = 32 * 1024 * 1024;
/** Below this a loop is cheaper than a copy. */
const SMALL = 48;

/** Where output blocks come from: a large one is for a connection that fills small ones, because each write costs. */
export interface OutputPools {
  readonly small: BlockPool;
  readonly large: BlockPool;
}

/** What a writer needs besides its socket. */
export interface FrameWriterOptions {
  readonly pools: OutputPools;
  readonly queue: FlushQueue;
  readonly use: ProcessUse;
  /** Called whenever the socket has taken some bytes. */
  readonly onProgress: () => void;
}

/** Puts frames into output blocks and the blocks onto a socket; all frames of a turn of the event loop go together. */
export class FrameWriter {
  readonly #socket: Duplex;
  readonly #options: FrameWriterOptions;
  #block: Buffer | undefined;
  #blockBytes = 0;
  #at = 0;
  #filled: Buffer[] = [];
  #unsent = 0;
  #inFlight = 0;
  #isBusy = false;
  #isClosed = false;
  readonly #number = Buffer.alloc(4);

  constructor(socket: Duplex, options: FrameWriterOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  /** Bytes written here that the socket has not taken yet. */
  get pending(): number {
    return this.#unsent + this.#inFlight;
  }

  /** Whether DATA must wait. */
  get isFull(): boolean {
    return this.#unsent + this.#inFlight > (this.#options.use.outputBytes > MUCH ? LOW_WATER : HIGH_WATER);
  }

  /** Bytes as they are, such as the preface. */
  raw(bytes: Buffer): void {
    const block = this.#room(bytes.length);
    bytes.copy(block, this.#at);
    this.#at += bytes.length;
  }

  /** One frame with a whole payload, which is copied. */
  frame(type: number, flags: number, id: number, payload: Buffer): void {
    this.begin(type, flags, id, payload.length);
    this.append(payload, 0, payload.length);
  }

  /** The header of a frame, whose payload of so many bytes must be appended next. */
  begin(type: number, flags: number, id: number, length: number): void {
    const block = this.#room(length + FRAME_HEADER);
    let at = this.#at;
    block[at++] = length >> 16;
    block[at++] = length >> 8;
    block[at++] = length;
    block[at++] = type;
    block[at++] = flags;
    block[at++] = id >> 24;
    block[at++] = id >> 16;
    block[at++] = id >> 8;
    block[at++] = id;
    this.#at = at;
  }

  /** Bytes [start, end), copied, of the payload of the frame that was begun. */
  append(bytes: Buffer, start: number, end: number): void {
    const block = this.#block;
    if (block === undefined) return;
    let at = this.#at;
    this.#at = at + end - start;
    if (end - start < SMALL) for (let from = start; from < end; from++) block[at++] = bytes[from] as number;
    else bytes.copy(block, at, start, end);
  }

  /** One header block as HEADERS and, where it is longer than a frame may be, CONTINUATION. */
  headers(id: number, block: Buffer, isEnd: boolean, maxFrame: number): void {
    let type: number = FrameType.headers;
    let flags: number = isEnd ? Flag.endStream : 0;
    let from = 0;
    while (block.length - from > maxFrame) {
      this.begin(type, flags, id, maxFrame);
      this.append(block, from, from + maxFrame);
      from += maxFrame;
      type = FrameType.continuation;
      flags = 0;
    }
    this.begin(type, flags | Flag.endHeaders, id, block.length - from);
    this.append(block, from, block.length);
  }

  /** A frame whose payload is one 32-bit number: RST_STREAM, WINDOW_UPDATE. */
  number(type: number, id: number, value: number): void {
    this.#number.writeUInt32BE(value);
    this.frame(type, 0, id, this.#number);
  }

  /** SETTINGS with these entries. */
  settings(entries: readonly (readonly [number, number])[]): void {
    const payload = Buffer.alloc(entries.length * 6);
    entries.forEach(([id, value], at) => {
      payload.writeUInt16BE(id, at * 6);
      payload.writeUInt32BE(value, at * 6 + 2);
    });
    this.frame(FrameType.settings, 0, 0, payload);
  }

  /** GOAWAY with the last stream that was looked at, a code, and a text for people. */
  goaway(lastId: number, code: number, why: string): void {
    const text = Buffer.from(why);
    const payload = Buffer.alloc(8 + text.length);
    payload.writeUInt32BE(lastId, 0);
    payload.writeUInt32BE(code, 4);
    text.copy(payload, 8);
    this.frame(FrameType.goaway, 0, 0, payload);
  }

  /** Hands all that was written to the socket. */
  flush(): void {
    const last = this.#block;
    if (last === undefined) return;
    const filled = this.#filled;
    const end = this.#at;
    this.#block = undefined;
    this.#isBusy = this.#unsent >= this.#options.pools.small.blockBytes >> 1;
    this.#inFlight += this.#unsent;
    this.#options.use.outputBytes += this.#unsent;
    this.#unsent = 0;
    if (filled.length === 0) {
      this.#write(last.subarray(0, end));
      return;
    }
    this.#filled = [];
    this.#socket.cork();
    for (const block of filled) this.#write(block);
    this.#write(last.subarray(0, end));
    this.#socket.uncork();
  }

  /** Nothing goes out any more. */
  close(): void {
    if (!this.#isClosed) this.#options.use.outputBytes -= this.#inFlight;
    this.#isClosed = true;
    this.#block = undefined;
    this.#filled = [];
  }

  #write(bytes: Buffer): void {
    const { pools, use } = this.#options;
    const pool = bytes.buffer.byteLength === pools.large.blockBytes ? pools.large : pools.small;
    this.#socket.write(bytes, () => {
      this.#inFlight -= bytes.length;
      pool.give(bytes);
      if (this.#isClosed) return;
      use.outputBytes -= bytes.length;
      this.#options.onProgress();
    });
  }

  #room(bytes: number): Buffer {
    if (this.#block !== undefined && this.#at + bytes > this.#blockBytes) {
      this.#filled.push(this.#block.subarray(0, this.#at));
      this.#block = undefined;
      this.#isBusy = true;
    }
    if (this.#block === undefined) {
      const { queue, pools } = this.#options;
      if (this.#filled.length === 0 && !this.#isClosed) queue.add(this);
      const pool = this.#isBusy ? pools.large : pools.small;
      this.#block = pool.take();
      this.#blockBytes = pool.blockBytes;
      this.#at = 0;
    }
    this.#unsent += bytes;
    return this.#block;
  }
}
