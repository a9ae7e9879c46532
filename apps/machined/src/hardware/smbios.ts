/** One structure of the firmware's table. */
export interface SmbiosStructure {
  readonly type: number;
  /** The formatted area, header included. */
  readonly data: Buffer;
  readonly strings: readonly string[];
}

const HEADER_BYTES = 4;
const END_OF_TABLE = 127;

/**
 * Splits /sys/firmware/dmi/tables/DMI into structures (SMBIOS reference specification, DSP0134, 6.1). A table that is cut
 * short gives the structures before the cut. Pure; never throws.
 */
export function parseSmbios(table: Buffer): readonly SmbiosStructure[] {
  const found: SmbiosStructure[] = [];
  for (let at = 0; at + HEADER_BYTES <= table.length; ) {
    const type = table.readUInt8(at);
    const length = table.readUInt8(at + 1);
    const stringsAt = at + length;
    const end = table.indexOf('\0\0', stringsAt, 'latin1');
    if (length < HEADER_BYTES || end < 0) break;
    const text = table.toString('utf8', stringsAt, end);
    found.push({ type, data: table.subarray(at, stringsAt), strings: text === '' ? [] : text.split('\0') });
    if (type === END_OF_TABLE) break;
    at = end + 2;
  }
  return found;
}

/** The string that the byte at an offset names; empty where there is none. */
export function smbiosText({ data, strings }: SmbiosStructure, offset: number): string {
  const number = data[offset] ?? 0;
  return number === 0 ? '' : (strings[number - 1] ?? '').trim();
}

/** The number of 1, 2 or 4 bytes (little-endian) at an offset; 0 where the structure is too short, as older firmware makes it. */
export function smbiosNumber({ data }: SmbiosStructure, offset: number, bytes: 1 | 2 | 4): number {
  return offset + bytes <= data.length ? data.readUIntLE(offset, bytes) : 0;
}
