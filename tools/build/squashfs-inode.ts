import type { FileData } from './squashfs-data.ts';

/** Types of inodes, fs/squashfs/squashfs_fs.h; a directory entry has the basic one. */
export const INODE = { directory: 1, file: 2, link: 3, fileWithNames: 9 } as const;
const NO_FRAGMENT = 0xffff_ffff;
const NO_XATTR = 0xffff_ffff;

/** What every inode begins with. */
export interface InodeHead {
  /** Without the type. */
  readonly mode: number;
  /** Places in the table of ids. */
  readonly uid: number;
  readonly gid: number;
  readonly number: number;
}

function head(type: number, { mode, uid, gid, number }: InodeHead): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(type, 0);
  bytes.writeUInt16LE(mode, 2);
  bytes.writeUInt16LE(uid, 4);
  bytes.writeUInt16LE(gid, 6);
  bytes.writeUInt32LE(number, 12);
  return bytes;
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, i * 4);
  return bytes;
}

/** The inode of a file; one with several names says how many (squashfs_reg_inode, squashfs_lreg_inode). */
export function fileInode(inode: InodeHead, data: FileData, names: number): Buffer {
  const fragment = data.fragment === undefined ? [NO_FRAGMENT, 0] : [data.fragment.index, data.fragment.offset];
  const sizes = words(...data.blockSizes);
  if (names === 1) return Buffer.concat([head(INODE.file, inode), words(data.start, ...fragment, data.size), sizes]);
  const wide = Buffer.alloc(24);
  wide.writeBigUInt64LE(BigInt(data.start), 0);
  wide.writeBigUInt64LE(BigInt(data.size), 8);
  return Buffer.concat([head(INODE.fileWithNames, inode), wide, words(names, ...fragment, NO_XATTR), sizes]);
}

/** The inode of a symbolic link (squashfs_symlink_inode). */
export function linkInode(inode: InodeHead, target: string): Buffer {
  const text = Buffer.from(target);
  return Buffer.concat([head(INODE.link, inode), words(1, text.length), text]);
}

/** Where the listing of a directory is, and what it is in. */
export interface DirectoryData {
  readonly block: number;
  readonly offset: number;
  /** Bytes of the listing. */
  readonly size: number;
  readonly subdirectories: number;
  readonly parent: number;
}

/** The inode of a directory (squashfs_dir_inode); the kernel wants the size of its listing with three more. */
export function directoryInode(inode: InodeHead, { block, offset, size, subdirectories, parent }: DirectoryData): Buffer {
  const end = Buffer.alloc(8);
  end.writeUInt16LE(size + 3, 0);
  end.writeUInt16LE(offset, 2);
  end.writeUInt32LE(parent, 4);
  return Buffer.concat([head(INODE.directory, inode), words(block, subdirectories + 2), end]);
}
