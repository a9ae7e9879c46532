import { Fault } from '@minos/base';

/** An entry of an archive, with the sizes in bytes before and after compression. */
export interface ZipEntry {
  readonly name: string;
  readonly crc: number;
  readonly size: number;
  readonly packedSize: number;
}

/** Where the directory of an archive is. */
export interface ZipDirectory {
  readonly count: number;
  readonly directoryAt: number;
  readonly directoryBytes: number;
}

const VERSION = 20;
const VERSION_ZIP64 = 45;
const UTF8_NAMES = 0x0800;
const DEFLATE = 8;
/** 1980-01-01 00:00, the earliest that the format has. */
const DATE = 0x21;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;
const FILE_MODE = 0o100644;
const MADE_ON_UNIX = 3 << 8;

/** What stands before the bytes of an entry; throws `exhausted` for an entry of 4 GiB and more. Pure. */
export function localHeader(entry: ZipEntry): Buffer {
  return Buffer.concat([numbers([4, 0x04034b50], ...commonFields(entry), [2, 0]), Buffer.from(entry.name)]);
}

/** What stands in the directory for an entry whose local header is at an offset; pure. */
export function centralHeader(entry: ZipEntry, at: number): Buffer {
  const isFar = at >= MAX_32;
  const extra = isFar ? numbers([2, 1], [2, 8], [8, at]) : Buffer.alloc(0);
  const fields = numbers(
    [4, 0x02014b50],
    [2, MADE_ON_UNIX | (isFar ? VERSION_ZIP64 : VERSION)],
    ...commonFields(entry),
    [2, extra.length],
    [2, 0], // comment
    [2, 0], // disk
    [2, 0], // internal attributes
    [4, FILE_MODE * 0x10000],
    [4, isFar ? MAX_32 : at],
  );
  return Buffer.concat([fields, Buffer.from(entry.name), extra]);
}

/** What stands at the end of an archive; pure. */
export function endOfArchive({ count, directoryAt, directoryBytes }: ZipDirectory): Buffer {
  const isLarge = count >= MAX_16 || directoryAt >= MAX_32;
  const end = numbers(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, Math.min(count, MAX_16)],
    [2, Math.min(count, MAX_16)],
    [4, Math.min(directoryBytes, MAX_32)],
    [4, Math.min(directoryAt, MAX_32)],
    [2, 0],
  );
  if (!isLarge) return end;
  const large = numbers(
    [4, 0x06064b50],
    [8, 44],
    [2, MADE_ON_UNIX | VERSION_ZIP64],
    [2, VERSION_ZIP64],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, directoryBytes],
    [8, directoryAt],
  );
  const locator = numbers([4, 0x07064b50], [4, 0], [8, directoryAt + directoryBytes], [4, 1]);
  return Buffer.concat([large, locator, end]);
}

type Field = readonly [bytes: 2 | 4 | 8, value: number];

function commonFields({ name, crc, size, packedSize }: ZipEntry): readonly Field[] {
  if (size >= MAX_32 || packedSize >= MAX_32)
    throw new Fault('exhausted', `${name} is too large for the archive: 4 GiB and more`);
  return [
    [2, VERSION],
    [2, UTF8_NAMES],
    [2, DEFLATE],
    [2, 0],
    [2, DATE],
    [4, crc],
    [4, packedSize],
    [4, size],
    [2, Buffer.byteLength(name)],
  ];
}

/** Little-endian numbers, one after the other. */
function numbers(...fields: readonly Field[]): Buffer {
  const bytes = Buffer.alloc(fields.reduce((sum, [width]) => sum + width, 0));
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 8) at = bytes.writeBigUInt64LE(BigInt(value), at);
    else at = bytes.writeUIntLE(value, at, width);
  }
  return bytes;
}
