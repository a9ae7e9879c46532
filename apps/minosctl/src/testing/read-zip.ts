import { crc32, inflateRawSync } from 'node:zlib';

/** Reads an archive by its directory, as any unpacker does: texts by their names, in the order of the directory. Throws at the first thing that is wrong. */
export function readZip(archive: Buffer): ReadonlyMap<string, string> {
  const end = archive.lastIndexOf(Buffer.from('504b0506', 'hex'));
  if (end < 0) throw new Error('no end of an archive');
  const count = archive.readUInt16LE(end + 10);
  const found = new Map<string, string>();
  let at = archive.readUInt32LE(end + 16);
  for (let n = 0; n < count; n++) {
    if (archive.readUInt32LE(at) !== 0x02014b50) throw new Error(`entry ${n} is none`);
    const [crc, packed, size] = [16, 20, 24].map((field) => archive.readUInt32LE(at + field));
    const lengths = [28, 30, 32].map((field) => archive.readUInt16LE(at + field));
    const name = archive.toString('utf8', at + 46, at + 46 + (lengths[0] ?? 0));
    const bytes = unpack(archive, archive.readUInt32LE(at + 42), { name, packed: packed ?? 0 });
    if (bytes.length !== size || crc32(bytes) !== crc) throw new Error(`${name} is damaged`);
    found.set(name, bytes.toString());
    at += 46 + lengths.reduce((sum, length) => sum + length, 0);
  }
  return found;
}

function unpack(archive: Buffer, at: number, { name, packed }: { readonly name: string; readonly packed: number }): Buffer {
  const nameBytes = archive.readUInt16LE(at + 26);
  if (archive.readUInt32LE(at) !== 0x04034b50 || archive.toString('utf8', at + 30, at + 30 + nameBytes) !== name)
    throw new Error(`${name} is not where the directory says`);
  const from = at + 30 + nameBytes + archive.readUInt16LE(at + 28);
  return inflateRawSync(archive.subarray(from, from + packed));
}
