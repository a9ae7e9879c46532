const HEADER_BYTES = 4;
/** NLA_F_NESTED and NLA_F_NET_BYTEORDER, linux/netlink.h. */
const TYPE_MASK = 0x3fff;

/** One route attribute (struct rtattr, host byte order), padded to 4 bytes. */
export function attribute(type: number, payload: Uint8Array): Buffer {
  const length = HEADER_BYTES + payload.length;
  const bytes = Buffer.alloc((length + 3) & ~3);
  bytes.writeUInt16LE(length, 0);
  bytes.writeUInt16LE(type, 2);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

/** An attribute with a 32-bit number. */
export function attributeU32(type: number, value: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32LE(value >>> 0);
  return attribute(type, payload);
}

/** An attribute with one byte. */
export function attributeU8(type: number, value: number): Buffer {
  return attribute(type, Buffer.of(value));
}

/** An attribute with a zero-terminated text. */
export function attributeText(type: number, text: string): Buffer {
  return attribute(type, Buffer.from(`${text}\0`));
}

/** An attribute that holds attributes. */
export function attributeNest(type: number, inner: readonly Uint8Array[]): Buffer {
  return attribute(type, Buffer.concat(inner));
}

/** Attributes by type, as views into the message; a truncated rest is ignored, of repeated types the last wins. */
export function parseAttributes(bytes: Buffer): Map<number, Buffer> {
  return new Map(listAttributes(bytes));
}

/** Attributes in order, repeated ones included. */
export function listAttributes(bytes: Buffer): [type: number, payload: Buffer][] {
  const found: [number, Buffer][] = [];
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    if (length < HEADER_BYTES || at + length > bytes.length) break;
    found.push([bytes.readUInt16LE(at + 2) & TYPE_MASK, bytes.subarray(at + HEADER_BYTES, at + length)]);
    at += (length + 3) & ~3;
  }
  return found;
}

/** A 32-bit number, or what stands for an attribute that is missing or too short. */
export function readU32(payload: Buffer | undefined, missing = 0): number {
  return payload !== undefined && payload.length >= 4 ? payload.readUInt32LE(0) : missing;
}

/** A byte, or 0. */
export function readU8(payload: Buffer | undefined): number {
  return payload?.[0] ?? 0;
}

/** Text up to the first zero byte; empty when missing. */
export function readText(payload: Buffer | undefined): string {
  if (payload === undefined) return '';
  const end = payload.indexOf(0);
  return payload.toString('utf8', 0, end < 0 ? payload.length : end);
}
