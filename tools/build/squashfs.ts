import { rename, writeFile } from 'node:fs/promises';
import type { ImageEntry } from './image-manifest.ts';
import { run } from './run-command.ts';
import { BlockPacker, type Packing } from './squashfs-blocks.ts';
import { type SquashfsData, writeData } from './squashfs-data.ts';
import { MetadataWriter } from './squashfs-metadata.ts';
import { type SquashfsTree, type TreeEntry, writeTree } from './squashfs-tree.ts';

/** What is packed, and into which file. */
export interface SquashfsOptions {
  /** The content of every file: path in the image → file on this machine. */
  readonly contents: ReadonlyMap<string, string>;
  readonly entries: readonly ImageEntry[];
  readonly file: string;
  readonly packing: Packing;
  /** Where packed blocks are kept from one build to the next. */
  readonly cache?: string;
}

/** What was packed. */
export interface SquashfsReport {
  readonly bytes: number;
  /** Blocks that were not known from an earlier build. */
  readonly freshBlocks: number;
  /** What each file takes, by path; of several with the same content, each all of it. */
  readonly packedBytes: ReadonlyMap<string, number>;
}

const SUPERBLOCK_BYTES = 96;
/** A file on a loop device counts up to its last whole sector only. */
const DEVICE_BYTES = 4096;
const MAGIC = 'hsqs';
const ZSTD = 6;
const NO_XATTRS = 0x0200;
const NO_TABLE = 0xffff_ffff_ffff_ffffn;

/** Writes a squashfs 4.0 (Documentation/filesystems/squashfs.rst) with the modes and owners of its entries, no times and no extended attributes; the same tree gives the same bytes. */
export async function writeSquashfs({ contents, entries, file, packing, cache }: SquashfsOptions): Promise<SquashfsReport> {
  const packer = await BlockPacker.open(packing, cache ?? '');
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  const files = new Map(
    sorted.flatMap(({ path }) => [[path, contents.get(path)] as const].flatMap(([p, f]) => (f === undefined ? [] : [[p, f]]))),
  );
  const data = await writeData(files, { packer, blockBytes: packing.blockBytes, start: SUPERBLOCK_BYTES });
  const tree = writeTree(sorted.map(treeEntry), data.files, packing);
  const image = assemble(data, tree, packing);
  await writeFile(`${file}.partial`, image);
  await rename(`${file}.partial`, file);
  if (cache !== undefined) await packer.save(cache);
  return {
    bytes: image.reduce((sum, part) => sum + part.length, 0),
    freshBlocks: packer.fresh,
    packedBytes: new Map([...data.files].map(([path, { packedBytes }]) => [path, packedBytes])),
  };
}

function treeEntry({ path, source, mode, uid, gid }: ImageEntry): TreeEntry {
  const kind = source.kind === 'directory' || source.kind === 'link' || source.kind === 'hardlink' ? source.kind : 'file';
  return { path, kind, mode: Number.parseInt(mode, 8), uid, gid, ...('target' in source ? { target: source.target } : {}) };
}

/** Puts the tables behind the data, in the order that the kernel checks, and the superblock in front. */
function assemble(data: SquashfsData, tree: SquashfsTree, packing: Packing): readonly Buffer[] {
  const inodeTable = data.end;
  const directoryTable = inodeTable + tree.inodes.length;
  const fragments = table(data.fragments.map(fragmentRow), directoryTable + tree.directories.length, packing);
  const ids = table(tree.ids.map(idRow), fragments.end, packing);
  const head = Buffer.alloc(SUPERBLOCK_BYTES);
  head.write(MAGIC, 'latin1');
  head.writeUInt32LE(tree.inodeCount, 4);
  head.writeUInt32LE(packing.blockBytes, 12);
  head.writeUInt32LE(data.fragments.length, 16);
  head.writeUInt16LE(ZSTD, 20);
  head.writeUInt16LE(Math.log2(packing.blockBytes), 22);
  head.writeUInt16LE(NO_XATTRS, 24);
  head.writeUInt16LE(tree.ids.length, 26);
  head.writeUInt16LE(4, 28);
  head.writeBigUInt64LE((BigInt(tree.root.block) << 16n) | BigInt(tree.root.offset), 32);
  const places = [ids.end, ids.start, NO_TABLE, inodeTable, directoryTable, fragments.start, NO_TABLE];
  for (const [i, place] of places.entries()) head.writeBigUInt64LE(BigInt(place), 40 + i * 8);
  const gap = Buffer.alloc((DEVICE_BYTES - (ids.end % DEVICE_BYTES)) % DEVICE_BYTES);
  return [head, ...data.parts, tree.inodes, tree.directories, fragments.bytes, ids.bytes, gap];
}

function fragmentRow({ start, size }: { readonly start: number; readonly size: number }): Buffer {
  const row = Buffer.alloc(16);
  row.writeBigUInt64LE(BigInt(start), 0);
  row.writeUInt32LE(size, 8);
  return row;
}

function idRow(id: number): Buffer {
  const row = Buffer.alloc(4);
  row.writeUInt32LE(id);
  return row;
}

/** A table that is found by a list of where its blocks begin; `start` is where that list is. */
function table(rows: readonly Buffer[], at: number, packing: Packing) {
  const writer = new MetadataWriter(packing);
  for (const row of rows) writer.append(row);
  const blocks = writer.finish();
  const starts = writer.starts(at);
  const list = Buffer.alloc(starts.length * 8);
  for (const [i, start] of starts.entries()) list.writeBigUInt64LE(start, i * 8);
  const bytes = Buffer.concat([blocks, list]);
  return { bytes, start: at + blocks.length, end: at + bytes.length };
}

/** One line for each thing in an image file, as `mode owner path`, in order. */
export async function listSquashfs(file: string): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const line of (await run('unsquashfs', ['-lln', file])).split('\n')) {
    const [, mode, owner, path] = /^(\S{10})\s+(\d+\/\d+)\s+\d+ \S+ \S+ squashfs-root(\/.*)$/.exec(line) ?? [];
    if (path !== undefined) rows.push(`${mode} ${owner} ${path}`);
  }
  return rows;
}
