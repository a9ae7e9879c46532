import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdCompressSync } from 'node:zlib';

/** A block as it lies in the image: smaller, or as it was when that is no larger. */
export interface PackedBlock {
  readonly bytes: Buffer;
  readonly isCompressed: boolean;
}

/** How blocks are packed. */
export interface Packing {
  /** zstd level, up to 22. */
  readonly level: number;
  /** The largest block; a reader has a window of this size. */
  readonly blockBytes: number;
}

const compress = promisify(zstdCompress);
const KEY_BYTES = 32;
const HEADER_BYTES = KEY_BYTES + 5;

function optionsOf({ level, blockBytes }: Packing, raw: Buffer) {
  const { ZSTD_c_compressionLevel: LEVEL, ZSTD_c_windowLog: WINDOW } = constants;
  return { params: { [LEVEL]: level, [WINDOW]: Math.log2(blockBytes) }, pledgedSrcSize: raw.length };
}

function smaller(raw: Buffer, packed: Buffer): PackedBlock {
  return packed.length < raw.length ? { bytes: packed, isCompressed: true } : { bytes: raw, isCompressed: false };
}

/** Packs one block at once, for those of the tables. */
export function packBlockSync(packing: Packing, raw: Buffer): PackedBlock {
  return smaller(raw, zstdCompressSync(raw, optionsOf(packing, raw)));
}

/** Packs blocks on all cores, and remembers them in a file from one build to the next, because most of an image is what it was before. */
export class BlockPacker {
  readonly #packing: Packing;
  readonly #known: ReadonlyMap<string, PackedBlock>;
  readonly #used = new Map<string, Promise<PackedBlock>>();

  private constructor(packing: Packing, known: ReadonlyMap<string, PackedBlock>) {
    this.#packing = packing;
    this.#known = known;
  }

  /** With what an earlier build left in the file of that name; a file that is not there is empty. */
  static async open(packing: Packing, file: string): Promise<BlockPacker> {
    return new BlockPacker(packing, readBlocks(await readFile(file).catch(() => Buffer.alloc(0))));
  }

  /** The same bytes are packed once. */
  pack(raw: Buffer): Promise<PackedBlock> {
    const key = createHash('sha256').update(raw).digest('hex');
    const found = this.#used.get(key);
    if (found !== undefined) return found;
    const known = this.#known.get(key);
    const packed =
      known === undefined ? compress(raw, optionsOf(this.#packing, raw)).then((b) => smaller(raw, b)) : Promise.resolve(known);
    this.#used.set(key, packed);
    return packed;
  }

  /** How many blocks had to be packed anew. */
  get fresh(): number {
    return [...this.#used.keys()].filter((key) => !this.#known.has(key)).length;
  }

  /** Leaves the blocks of this build for the next, and no others. */
  async save(file: string): Promise<void> {
    if (this.fresh === 0 && this.#used.size === this.#known.size) return;
    const parts: Buffer[] = [];
    for (const [key, packed] of this.#used) parts.push(...writeBlock(key, await packed));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.${process.pid}`, parts);
    await rename(`${file}.${process.pid}`, file);
  }
}

function writeBlock(key: string, { bytes, isCompressed }: PackedBlock): readonly Buffer[] {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(key, 'hex');
  header.writeUInt8(isCompressed ? 1 : 0, KEY_BYTES);
  header.writeUInt32LE(bytes.length, KEY_BYTES + 1);
  return [header, bytes];
}

function readBlocks(file: Buffer): ReadonlyMap<string, PackedBlock> {
  const blocks = new Map<string, PackedBlock>();
  for (let at = 0; at + HEADER_BYTES <= file.length; ) {
    const size = file.readUInt32LE(at + KEY_BYTES + 1);
    const start = at + HEADER_BYTES;
    const block = { bytes: file.subarray(start, start + size), isCompressed: file.readUInt8(at + KEY_BYTES) === 1 };
    blocks.set(file.toString('hex', at, at + KEY_BYTES), block);
    at = start + size;
  }
  return blocks;
}
