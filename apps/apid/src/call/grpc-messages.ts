import { Fault } from '@minos/base';

/** Largest message that is taken apart here, in bytes. */
export const MOST_MESSAGE_BYTES = 32 * 1024 * 1024;

const PREFIX = 5;

/** Cuts the body of a stream into gRPC messages. */
export class GrpcMessages {
  #parts: Buffer[] = [];
  #bytes = 0;

  /** Bytes kept of a message that is not whole yet. */
  get pending(): number {
    return this.#bytes;
  }

  /**
   * Takes bytes [start, end) and gives the messages that they complete, without their prefixes. Throws a Fault: `exhausted`
   * for a message that is too large, `internal` for one that is compressed, which nobody asked for.
   */
  push(bytes: Buffer, start: number, end: number): Buffer[] {
    if (end > start) this.#parts.push(Buffer.from(bytes.subarray(start, end)));
    this.#bytes += end - start;
    const messages: Buffer[] = [];
    while (this.#bytes >= PREFIX) {
      const length = this.#length();
      if (this.#bytes < PREFIX + length) break;
      const whole = this.#whole();
      messages.push(whole.subarray(PREFIX, PREFIX + length));
      const rest = whole.subarray(PREFIX + length);
      this.#parts = rest.length === 0 ? [] : [rest];
      this.#bytes = rest.length;
    }
    return messages;
  }

  #length(): number {
    if ((this.#parts[0]?.length ?? 0) < PREFIX) this.#parts = [Buffer.concat(this.#parts)];
    const first = this.#parts[0] ?? Buffer.alloc(PREFIX);
    if (first[0] !== 0) throw new Fault('internal', 'reply is compressed although that was not accepted');
    const length = first.readUInt32BE(1);
    if (length > MOST_MESSAGE_BYTES)
      throw new Fault('exhausted', `reply of ${length} bytes is too large for several nodes`, { length });
    return length;
  }

  #whole(): Buffer {
    const [first] = this.#parts;
    return this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
  }
}

/** One message with its prefix. */
export function grpcMessage(...body: readonly Buffer[]): Buffer {
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(
    body.reduce((bytes, part) => bytes + part.length, 0),
    1,
  );
  return Buffer.concat([prefix, ...body]);
}
