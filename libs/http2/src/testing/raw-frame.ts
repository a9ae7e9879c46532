/** The bytes of one frame. */
export function rawFrame(type: number, flags: number, id: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(id, 5);
  return Buffer.concat([header, payload]);
}

/** A literal header field without Huffman code: with incremental indexing (0x40) unless told otherwise. */
export function rawField(name: string, value: string, first = 0x40): Buffer {
  return Buffer.concat([Buffer.from([first]), rawString(name), rawString(value)]);
}

/** A request that is valid: its own header block, with nothing from the dynamic table. */
export function rawRequest(path: string, more: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([
    Buffer.from([0x83, 0x87]),
    rawField(':path', path),
    rawField(':authority', 'localhost'),
    rawField('content-type', 'application/grpc'),
    rawField('te', 'trailers'),
    more,
  ]);
}

/** A 32-bit number. */
export function rawNumber(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function rawString(text: string): Buffer {
  if (text.length < 127) return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')]);
  const bytes = [127];
  let rest = text.length - 127;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...bytes, rest]), Buffer.from(text, 'latin1')]);
}

/** One frame, taken apart. */
export interface RawFrame {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly payload: Buffer;
}

/** The whole frames at the start of some bytes. */
export function rawFrames(bytes: Buffer): RawFrame[] {
  const all: RawFrame[] = [];
  for (let at = 0; at + 9 <= bytes.length; ) {
    const length = bytes.readUIntBE(at, 3);
    if (at + 9 + length > bytes.length) break;
    const payload = bytes.subarray(at + 9, at + 9 + length);
    all.push({ type: bytes[at + 3] ?? 0, flags: bytes[at + 4] ?? 0, id: bytes.readUInt32BE(at + 5), payload });
    at += 9 + length;
  }
  return all;
}

/** SETTINGS with these entries. */
export function rawSettings(...entries: readonly (readonly [number, number])[]): Buffer {
  const payload = Buffer.alloc(entries.length * 6);
  entries.forEach(([id, value], n) => {
    payload.writeUInt16BE(id, n * 6);
    payload.writeUInt32BE(value, n * 6 + 2);
  });
  return rawFrame(4, 0, 0, payload);
}
