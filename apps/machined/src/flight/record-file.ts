import { crc32 } from 'node:zlib';

const HEADER_BYTES = 8;
/** Longer ones are not written, so that a damaged length is known as such. */
const RECORD_LIMIT = 256 * 1024;

/** The whole records at the beginning of a file, and how many bytes they take. */
export interface DecodedRecords {
  readonly payloads: readonly Buffer[];
  readonly validBytes: number;
}

/** A record as it is appended: length of the payload and CRC-32 of length and payload, both little-endian, then the payload. */
export function encodeRecord(payload: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(payload.length, 0);
  header.writeUInt32LE(checksum(header, payload), 4);
  return Buffer.concat([header, payload]);
}

/** Reads records up to the first that is not whole: that is where the power was lost. Never throws; pure. */
export function decodeRecords(bytes: Buffer): DecodedRecords {
  const payloads: Buffer[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    const length = bytes.readUInt32LE(at);
    const end = at + HEADER_BYTES + length;
    if (length > RECORD_LIMIT || end > bytes.length) break;
    const payload = bytes.subarray(at + HEADER_BYTES, end);
    if (bytes.readUInt32LE(at + 4) !== checksum(bytes.subarray(at, at + 4), payload)) break;
    payloads.push(payload);
    at = end;
  }
  return { payloads, validBytes: at };
}

// With the length: a file of zeros, as some file systems leave it, is then no row of empty records.
function checksum(header: Uint8Array, payload: Uint8Array): number {
  return crc32(payload, crc32(header.subarray(0, 4), 1));
}
