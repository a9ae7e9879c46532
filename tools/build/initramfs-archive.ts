/** A file or directory of an initramfs. */
export interface ArchiveEntry {
  /** From the root, without a slash in front. */
  readonly path: string;
  readonly mode: number;
  /** Undefined for a directory. */
  readonly content?: Buffer;
}

const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;

/** Packs entries, parents first, as the kernel unpacks them (newc cpio, Documentation/driver-api/early-userspace/buffer-format.rst); owner root, no times: the same entries give the same bytes. */
export function packArchive(entries: readonly ArchiveEntry[]): Buffer {
  const parts = entries.map((entry, i) => packEntry(entry, i + 1));
  return Buffer.concat([...parts, packEntry({ path: 'TRAILER!!!', mode: 0, content: Buffer.alloc(0) }, 0)]);
}

function packEntry({ path, mode, content }: ArchiveEntry, inode: number): Buffer {
  const type = inode === 0 ? 0 : content === undefined ? S_IFDIR : S_IFREG;
  const name = Buffer.from(`${path}\0`);
  const size = content?.length ?? 0;
  const fields = [inode, type | mode, 0, 0, 1, 0, size, 0, 0, 0, 0, name.length, 0];
  const header = Buffer.from(`070701${fields.map((n) => n.toString(16).toUpperCase().padStart(8, '0')).join('')}`);
  return padded(Buffer.concat([padded(Buffer.concat([header, name])), content ?? Buffer.alloc(0)]));
}

function padded(bytes: Buffer): Buffer {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)]);
}
