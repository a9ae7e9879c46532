import { Fault } from '@minos/base';
import { BlockPool } from '@minos/http2';

/** Largest message that is taken apart here, in bytes. */
export const MOST_MESSAGE_BYTES = 32 * 1024 * 1024;

const PREFIX = 5;
/** Messages up to this size are put together in buffers that are used again. */
const POOLED_BYTES = 68 * 1024;
/** Room that a larger one gets at first: its sender has only said how large it is. */
const FIRST_BYTES = 128 * 1024;

/** Buffers for the messages of one call. */
export function messagePool(): BlockPool {
  return new BlockPool(POOLED_BYTES, 16);
}

/** Cuts the body of a stream into gRPC messages. */
export class GrpcMessages {
  readonly #pool: BlockPool;
  readonly #prefix = Buffer.alloc(PREFIX);
  #prefixBytes = 0;
  #length = 0;
  #body: Buffer | undefined;
  #bodyBytes = 0;

  constructor(pool: BlockPool) {
    this.#pool = pool;
  }

  /** Bytes kept of a message that is not whole yet. */
  get pending(): number {
    return this.#prefixBytes + this.#bodyBytes;
  }

  /**
   * Takes bytes [start, end) and gives the messages that they complete, without their prefixes, each valid only during its
   * call. Throws a Fault: `exhausted` for a message that is too large, `internal` for one that is compressed, which nobody
   * asked for.
   */
  push(bytes: Buffer, start: number, end: number, onMessage: (message: Buffer) => void): void {
    let at = start;
    while (at < end) {
      if (this.#prefixBytes < PREFIX) {
        const taken = Math.min(PREFIX - this.#prefixBytes, end - at);
        bytes.copy(this.#prefix, this.#prefixBytes, at, at + taken);
        this.#prefixBytes += taken;
        at += taken;
        if (this.#prefixBytes < PREFIX) return;
        this.#length = lengthIn(this.#prefix);
      }
      const left = this.#length - this.#bodyBytes;
      if (this.#bodyBytes === 0 && end - at >= left) {
        this.#prefixBytes = 0;
        at += left;
        onMessage(bytes.subarray(at - left, at));
        continue;
      }
      const taken = Math.min(left, end - at);
      this.#keep(bytes, at, at + taken);
      at += taken;
      if (taken === left) this.#complete(onMessage);
    }
  }

  /** Gives up what is kept. */
  drop(): void {
    const body = this.#body;
    this.#body = undefined;
    this.#prefixBytes = 0;
    this.#bodyBytes = 0;
    if (body?.length === POOLED_BYTES) this.#pool.give(body);
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    const needed = this.#bodyBytes + end - start;
    if (this.#body === undefined) {
      const isPooled = this.#length <= POOLED_BYTES;
      this.#body = isPooled ? this.#pool.take() : Buffer.allocUnsafeSlow(Math.max(needed, Math.min(this.#length, FIRST_BYTES)));
    } else if (needed > this.#body.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(this.#length, Math.max(needed, this.#body.length * 2)));
      this.#body.copy(larger, 0, 0, this.#bodyBytes);
      this.#body = larger;
    }
    bytes.copy(this.#body, this.#bodyBytes, start, end);
    this.#bodyBytes = needed;
  }

  #complete(onMessage: (message: Buffer) => void): void {
    const body = this.#body ?? Buffer.alloc(0);
    // Taken out first: whoever gets the message may drop the rest.
    this.#body = undefined;
    this.#prefixBytes = 0;
    this.#bodyBytes = 0;
    onMessage(body.subarray(0, this.#length));
    if (body.length === POOLED_BYTES) this.#pool.give(body);
  }
}

function lengthIn(prefix: Buffer): number {
  if (prefix[0] !== 0) throw new Fault('internal', 'reply is compressed although that was not accepted');
  const length = prefix.readUInt32BE(1);
  if (length > MOST_MESSAGE_BYTES)
    throw new Fault('exhausted', `reply of ${length} bytes is too large for several nodes`, { length });
  return length;
}

/** The prefix of a message of so many bytes. */
export function grpcPrefix(length: number): Buffer {
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(length, 1);
  return prefix;
}

/** One message with its prefix. */
export function grpcMessage(...body: readonly Buffer[]): Buffer {
  const length = body.reduce((bytes, part) => bytes + part.length, 0);
  return Buffer.concat([grpcPrefix(length), ...body]);
}
