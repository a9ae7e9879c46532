import { hash } from 'node:crypto';
import { Fault, type Parsed, parsed, problem } from '@minos/base';

/** Values of META by their keys, 0 to 255. */
export type MetaValues = ReadonlyMap<number, Buffer>;

/** Size of one copy, padding included. */
export const META_BYTES = 256 * 1024;

const MAGIC_START = 0x5a4b3c2d;
const MAGIC_END = 0xa5b4c3d2;
const TAIL_BYTES = 36;
const HEAD_BYTES = 8;

/**
 * Parses one copy of META: magic, then tag, size and bytes of each value (all big-endian), zeros, SHA-256 over everything
 * with the checksum zeroed, magic. Never throws.
 */
export function parseMeta(bytes: Buffer): Parsed<MetaValues> {
  if (bytes.length !== META_BYTES) return problem('', `${META_BYTES} bytes`, String(bytes.length));
  if (bytes.readUInt32BE(0) !== MAGIC_START || bytes.readUInt32BE(META_BYTES - 4) !== MAGIC_END) {
    return problem('', 'the marks of META at both ends');
  }
  const kept = bytes.subarray(META_BYTES - TAIL_BYTES, META_BYTES - 4);
  if (!checksum(bytes).equals(kept)) return problem('', 'a checksum that fits the content');
  const values = new Map<number, Buffer>();
  for (let at = 4; at + HEAD_BYTES <= META_BYTES - TAIL_BYTES; ) {
    const tag = bytes.readUInt32BE(at);
    const size = bytes.readUInt32BE(at + 4);
    if (tag === 0) break;
    const end = at + HEAD_BYTES + size;
    if (end > META_BYTES - TAIL_BYTES) return problem(keyText(tag), 'a value that ends before the checksum');
    values.set(tag, Buffer.from(bytes.subarray(at + HEAD_BYTES, end)));
    at = end;
  }
  return parsed(values);
}

/** One copy of META with these values; throws a Fault `exhausted` when they do not fit. */
export function encodeMeta(values: MetaValues): Buffer {
  const bytes = Buffer.alloc(META_BYTES);
  bytes.writeUInt32BE(MAGIC_START, 0);
  let at = 4;
  for (const [tag, value] of [...values].sort(([a], [b]) => a - b)) {
    if (at + HEAD_BYTES + value.length > META_BYTES - TAIL_BYTES) {
      throw new Fault('exhausted', `there is no room in META for key ${keyText(tag)}; delete another key first`);
    }
    bytes.writeUInt32BE(tag, at);
    bytes.writeUInt32BE(value.length, at + 4);
    value.copy(bytes, at + HEAD_BYTES);
    at += HEAD_BYTES + value.length;
  }
  bytes.writeUInt32BE(MAGIC_END, META_BYTES - 4);
  checksum(bytes).copy(bytes, META_BYTES - TAIL_BYTES);
  return bytes;
}

/** A key as it is written everywhere: `0x0a`. */
export function keyText(key: number): string {
  return `0x${key.toString(16).padStart(2, '0')}`;
}

function checksum(bytes: Buffer): Buffer {
  const zeroed = Buffer.from(bytes);
  zeroed.fill(0, META_BYTES - TAIL_BYTES, META_BYTES - 4);
  return hash('sha256', zeroed, 'buffer');
}
