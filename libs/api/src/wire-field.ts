import { Fault } from '@minos/base';

/** One field of an encoded message, as it stands on the wire, by protobuf.dev/programming-guides/encoding. */
export interface WireField {
  readonly number: number;
  /** The whole field: tag, length and payload. */
  readonly bytes: Buffer;
  /** What is inside a length-delimited field; undefined for numbers. */
  readonly payload: Buffer | undefined;
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;
const MAX_VARINT_BYTES = 10;

/** The fields of an encoded message in their order, without copying. @throws Fault `internal` when it is truncated or no message. */
export function fields(message: Buffer): WireField[] {
  const found: WireField[] = [];
  for (let at = 0; at < message.length; ) {
    const [tag, afterTag] = readVarint(message, at);
    const number = Math.floor(tag / 8);
    if (number < 1) throw malformed('a field without a number', at);
    const [payloadStart, end] = extent(message, tag % 8, afterTag);
    if (end > message.length) throw malformed('a field that goes past the end', at);
    found.push({
      number,
      bytes: message.subarray(at, end),
      payload: tag % 8 === LENGTH_DELIMITED ? message.subarray(payloadStart, end) : undefined,
    });
    at = end;
  }
  return found;
}

/** A length-delimited field. */
export function field(number: number, payload: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + LENGTH_DELIMITED), varint(payload.length), payload]);
}

/** A field that holds a number which is not negative. */
export function varintField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8 + VARINT), varint(value)]);
}

/** Where the payload of a field begins and where the field ends. */
function extent(message: Buffer, wireType: number, at: number): [start: number, end: number] {
  if (wireType === VARINT) return [at, readVarint(message, at)[1]];
  if (wireType === FIXED64) return [at, at + 8];
  if (wireType === FIXED32) return [at, at + 4];
  if (wireType === LENGTH_DELIMITED) {
    const [length, start] = readVarint(message, at);
    return [start, start + length];
  }
  throw malformed(`wire type ${wireType}`, at);
}

/** A varint and where it ends; exact up to 2^53, which is more than any tag or length. */
function readVarint(message: Buffer, start: number): [value: number, end: number] {
  let value = 0;
  for (let i = 0; i < MAX_VARINT_BYTES; i += 1) {
    const byte = message[start + i];
    if (byte === undefined) throw malformed('a truncated number', start);
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return [value, start + i + 1];
  }
  throw malformed('a number of more than ten bytes', start);
}

function varint(value: number): Buffer {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Fault('invalid', 'only numbers from 0 to 2^53-1 can be encoded', { value });
  const out: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) out.push((rest % 128) + 0x80);
  out.push(rest);
  return Buffer.from(out);
}

function malformed(what: string, offset: number): Fault {
  return new Fault('internal', `reply is not a protobuf message: ${what} at byte ${offset}`, { offset });
}
