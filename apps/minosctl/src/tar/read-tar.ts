import { Fault } from '@minos/base';
import { ByteReader } from './byte-reader.ts';

/** What an entry of an archive is. */
export type EntryKind = 'file' | 'directory' | 'symlink' | 'hardlink' | 'other';

/** An entry of an archive; its body must be read before the next entry is asked for, what is left of it is skipped. */
export interface TarEntry {
  readonly name: string;
  readonly kind: EntryKind;
  /** In bytes; 0 for all but files. */
  readonly size: number;
  /** Permission bits, set-id bits left out. */
  readonly mode: number;
  readonly linkTarget: string;
  readonly body: AsyncIterable<Buffer>;
}

const BLOCK = 512;
/** Names and attributes in records of their own (POSIX pax, GNU) are held in memory; no real one comes near. */
const MAX_RECORD_BYTES = 1024 * 1024;

const KINDS: Readonly<Record<string, EntryKind>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '5': 'directory',
};

interface Overrides {
  path?: string;
  linkpath?: string;
  size?: number;
}

/** Reads a tar archive (POSIX ustar and pax, GNU long names). Throws `data-loss` for what is no archive or ends too early. */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry, void, undefined> {
  const reader = new ByteReader(source);
  let overrides: Overrides = {};
  for (;;) {
    const header = await reader.take(BLOCK);
    if (header.length === 0 || header.every((byte) => byte === 0)) return;
    if (header.length < BLOCK) throw new Fault('data-loss', 'the archive ends in the middle of a header');
    checkSum(header);
    const type = header.toString('latin1', 156, 157);
    const ownSize = octal(header, 124, 12);
    if (type === 'x' || type === 'g' || type === 'L' || type === 'K') {
      const record = await takeRecord(reader, ownSize);
      if (type !== 'g') overrides = { ...overrides, ...readRecord(type, record) };
      continue;
    }
    const kind = KINDS[type] ?? 'other';
    const size = kind === 'file' ? (overrides.size ?? ownSize) : 0;
    const skipped = kind === 'file' ? 0 : ownSize;
    const body = reader.stream(size);
    yield {
      name: overrides.path ?? ustarName(header),
      kind,
      size,
      mode: octal(header, 100, 8) & 0o777,
      linkTarget: overrides.linkpath ?? text(header, 157, 100),
      body,
    };
    for await (const _rest of body);
    for await (const _rest of reader.stream(skipped + padding(size + skipped)));
    overrides = {};
  }
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

async function takeRecord(reader: ByteReader, size: number): Promise<Buffer> {
  if (size > MAX_RECORD_BYTES) throw new Fault('data-loss', `the archive has a header record of ${size} bytes`);
  const record = await reader.take(size + padding(size));
  if (record.length < size) throw new Fault('data-loss', 'the archive ends in the middle of a header');
  return record.subarray(0, size);
}

function readRecord(type: string, record: Buffer): Overrides {
  const whole = record.toString().replace(/\0.*$/s, '');
  if (type === 'L') return { path: whole };
  if (type === 'K') return { linkpath: whole };
  const overrides: Overrides = {};
  // pax: "<length> <key>=<value>\n", the length counting the whole record in bytes.
  for (let at = 0; at < record.length; ) {
    const space = record.indexOf(0x20, at);
    const length = Number(record.toString('latin1', at, space));
    if (space < 0 || !Number.isInteger(length) || length <= space - at || at + length > record.length) {
      throw new Fault('data-loss', 'the archive has a broken extended header');
    }
    const [key = '', ...value] = record.toString('utf8', space + 1, at + length - 1).split('=');
    if (key === 'path' || key === 'linkpath') overrides[key] = value.join('=');
    if (key === 'size') overrides.size = sizeOf(value.join('='));
    at += length;
  }
  return overrides;
}

function sizeOf(digits: string): number {
  const size = Number(digits);
  if (!/^\d+$/.test(digits) || !Number.isSafeInteger(size))
    throw new Fault('data-loss', 'the archive has a size that is no number');
  return size;
}

function ustarName(header: Buffer): string {
  const prefix = header.toString('latin1', 257, 262) === 'ustar' && header[263] === 0x30 ? text(header, 345, 155) : '';
  const name = text(header, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

function text(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

function octal(header: Buffer, at: number, length: number): number {
  // GNU: a number too large for octal digits is big-endian binary, marked by the top bit.
  if (((header[at] ?? 0) & 0x80) !== 0) {
    const big = header.subarray(at + 1, at + length).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    return sizeOf(big.toString());
  }
  const digits = text(header, at, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw new Fault('data-loss', 'the archive has a number that is none');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function checkSum(header: Buffer): void {
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  if (sum !== octal(header, 148, 8)) throw new Fault('data-loss', 'what came is no tar archive, or it is damaged');
}
