/** What a tar archive says about one member. */
export interface TarEntry {
  /** Relative; a directory ends in a slash. */
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink';
  /** Permissions, set-id and sticky bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: bigint;
  readonly modifiedMs: number;
  /** Where a symbolic link points. */
  readonly link: string;
}

/** Size of a block: headers are one, contents are padded to a multiple (POSIX.1-2017, pax, "ustar Interchange Format"). */
export const TAR_BLOCK_BYTES = 512;

const NAME_BYTES = 100;
const MAX_OCTAL_7 = 0o7777777;
const MAX_OCTAL_11 = 0o77777777777n;
const TYPE_FLAGS = { file: '0', directory: '5', symlink: '2', pax: 'x' } as const;

/** The header blocks of a member; what does not fit the old fields goes into a pax header before. */
export function tarHeader(entry: TarEntry): Buffer {
  const records = paxRecords(entry);
  const header = ustarHeader({ ...entry, type: entry.type });
  if (records.length === 0) return header;
  const body = Buffer.concat(records);
  const pax = ustarHeader({
    ...entry,
    name: `PaxHeaders/${entry.name}`,
    link: '',
    type: 'pax',
    mode: 0o644,
    sizeBytes: BigInt(body.length),
  });
  return Buffer.concat([pax, body, tarPadding(BigInt(body.length)), header]);
}

/** Zeros that fill the last block of content. */
export function tarPadding(sizeBytes: bigint): Buffer {
  return Buffer.alloc(Number(-sizeBytes & BigInt(TAR_BLOCK_BYTES - 1)));
}

/** The two empty blocks that end an archive. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * TAR_BLOCK_BYTES);
}

function ustarHeader(entry: Omit<TarEntry, 'type'> & { readonly type: keyof typeof TYPE_FLAGS }): Buffer {
  const block = Buffer.alloc(TAR_BLOCK_BYTES);
  writeText(block, entry.name, { at: 0, bytes: NAME_BYTES });
  writeOctal(block, entry.mode & 0o7777, { at: 100, digits: 7 });
  writeOctal(block, entry.uid > MAX_OCTAL_7 ? 0 : entry.uid, { at: 108, digits: 7 });
  writeOctal(block, entry.gid > MAX_OCTAL_7 ? 0 : entry.gid, { at: 116, digits: 7 });
  writeOctal(block, entry.sizeBytes > MAX_OCTAL_11 ? 0n : entry.sizeBytes, { at: 124, digits: 11 });
  writeOctal(block, Math.max(0, Math.floor(entry.modifiedMs / 1000)), { at: 136, digits: 11 });
  block.write('        ', 148, 'latin1');
  block.write(TYPE_FLAGS[entry.type], 156, 'latin1');
  writeText(block, entry.link, { at: 157, bytes: NAME_BYTES });
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function paxRecords(entry: TarEntry): Buffer[] {
  const records: Buffer[] = [];
  if (!fits(entry.name)) records.push(paxRecord('path', entry.name));
  if (!fits(entry.link)) records.push(paxRecord('linkpath', entry.link));
  if (entry.sizeBytes > MAX_OCTAL_11) records.push(paxRecord('size', String(entry.sizeBytes)));
  if (entry.uid > MAX_OCTAL_7) records.push(paxRecord('uid', String(entry.uid)));
  if (entry.gid > MAX_OCTAL_7) records.push(paxRecord('gid', String(entry.gid)));
  return records;
}

/** `<length> <keyword>=<value>\n`, the length counting itself. */
function paxRecord(keyword: string, value: string): Buffer {
  const rest = Buffer.from(` ${keyword}=${value}\n`);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function fits(text: string): boolean {
  return Buffer.byteLength(text) <= NAME_BYTES && /^[\x20-\x7e]*$/.test(text);
}

function writeText(block: Buffer, text: string, field: { readonly at: number; readonly bytes: number }): void {
  Buffer.from(text).copy(block, field.at, 0, field.bytes);
}

function writeOctal(block: Buffer, value: number | bigint, field: { readonly at: number; readonly digits: number }): void {
  block.write(value.toString(8).padStart(field.digits, '0'), field.at, 'latin1');
}
