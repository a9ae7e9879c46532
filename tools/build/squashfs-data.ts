import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { BlockPacker, PackedBlock } from './squashfs-blocks.ts';

/** Bit of a size that says: this block is not packed (SQUASHFS_COMPRESSED_BIT_BLOCK, fs/squashfs/squashfs_fs.h). */
const UNCOMPRESSED = 1 << 24;

/** Where the content of a file is, as its inode says it. */
export interface FileData {
  readonly size: number;
  readonly start: number;
  /** The size of each block in the image, with the bit of those that are not packed. */
  readonly blockSizes: readonly number[];
  /** The block that a small file shares with others, and the place in it. */
  readonly fragment: { readonly index: number; readonly offset: number } | undefined;
  /** What it takes of the image, with its share of a block that it shares. */
  readonly packedBytes: number;
}

/** A block that several small files share. */
export interface Fragment {
  readonly start: number;
  readonly size: number;
}

/** The first part of an image: the contents of all files. */
export interface SquashfsData {
  readonly parts: readonly Buffer[];
  readonly end: number;
  /** By path in the image. */
  readonly files: ReadonlyMap<string, FileData>;
  readonly fragments: readonly Fragment[];
}

interface Content {
  readonly size: number;
  readonly blocks: readonly Promise<PackedBlock>[];
  readonly fragment: FileData['fragment'];
}

/** What is being put together: contents by hash, and the shared blocks, the last of which is still open. */
class ContentPacker {
  readonly contents = new Map<string, Content>();
  readonly fragments: { readonly raw: number; readonly packed: Promise<PackedBlock> }[] = [];
  readonly #packer: BlockPacker;
  readonly #blockBytes: number;
  #open: Buffer[] = [];
  #openBytes = 0;

  constructor(packer: BlockPacker, blockBytes: number) {
    this.#packer = packer;
    this.#blockBytes = blockBytes;
  }

  /** Files with the same content share it. Returns when what was begun before is nearly done, so that not all is in memory at once. */
  async add(bytes: Buffer): Promise<string> {
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (this.contents.has(hash)) return hash;
    const blocks: Promise<PackedBlock>[] = [];
    const isSmall = bytes.length < this.#blockBytes;
    for (let at = 0; !isSmall && at < bytes.length; at += this.#blockBytes) {
      blocks.push(this.#packer.pack(bytes.subarray(at, at + this.#blockBytes)));
    }
    const fragment = isSmall && bytes.length > 0 ? this.#share(bytes) : undefined;
    this.contents.set(hash, { size: bytes.length, blocks, fragment });
    await Promise.all(blocks.slice(0, -8));
    return hash;
  }

  close(): void {
    if (this.#openBytes === 0) return;
    this.fragments.push({ raw: this.#openBytes, packed: this.#packer.pack(Buffer.concat(this.#open)) });
    this.#open = [];
    this.#openBytes = 0;
  }

  #share(bytes: Buffer): NonNullable<FileData['fragment']> {
    if (this.#openBytes + bytes.length > this.#blockBytes) this.close();
    const place = { index: this.fragments.length, offset: this.#openBytes };
    this.#open.push(bytes);
    this.#openBytes += bytes.length;
    return place;
  }
}

/** Packs files, path in the image → file on this machine, in this order behind `start`. */
export async function writeData(
  files: ReadonlyMap<string, string>,
  { packer, blockBytes, start }: { readonly packer: BlockPacker; readonly blockBytes: number; readonly start: number },
): Promise<SquashfsData> {
  const contents = new ContentPacker(packer, blockBytes);
  const hashes = new Map<string, string>();
  for (const [path, file] of files) hashes.set(path, await contents.add(await readFile(file)));
  contents.close();
  const parts: Buffer[] = [];
  let end = start;
  const put = ({ bytes, isCompressed }: PackedBlock): number => {
    parts.push(bytes);
    end += bytes.length;
    return isCompressed ? bytes.length : bytes.length | UNCOMPRESSED;
  };
  const placed = new Map<string, Omit<FileData, 'packedBytes'>>();
  for (const [hash, { size, blocks, fragment }] of contents.contents) {
    const from = end;
    placed.set(hash, { size, start: blocks.length === 0 ? 0 : from, blockSizes: (await Promise.all(blocks)).map(put), fragment });
  }
  const fragments: Fragment[] = [];
  for (const { packed } of contents.fragments) fragments.push({ start: end, size: put(await packed) });
  const shares = contents.fragments.map(({ raw }, i) => ((fragments[i]?.size ?? 0) & ~UNCOMPRESSED) / raw);
  const found = [...hashes].flatMap(([path, hash]) => {
    const data = placed.get(hash);
    return data === undefined ? [] : [[path, { ...data, packedBytes: packedBytes(data, shares) }] as const];
  });
  return { parts, end, files: new Map(found), fragments };
}

function packedBytes({ size, blockSizes, fragment }: Omit<FileData, 'packedBytes'>, shares: readonly number[]): number {
  const own = blockSizes.reduce((sum, n) => sum + (n & ~UNCOMPRESSED), 0);
  return own + (fragment === undefined ? 0 : Math.round(size * (shares[fragment.index] ?? 0)));
}
