import { type Packing, packBlockSync } from './squashfs-blocks.ts';

/** The size of a block of metadata before it is packed (SQUASHFS_METADATA_SIZE, fs/squashfs/squashfs_fs.h). */
const METADATA_BYTES = 8192;
const UNCOMPRESSED = 0x8000;

/** Where something is in a stream of metadata: the packed block that it begins in, counted from the first, and the place in that block when unpacked. */
export interface MetadataPlace {
  readonly block: number;
  readonly offset: number;
}

/** A table of a squashfs: a stream of bytes in packed blocks of 8 KiB. */
export class MetadataWriter {
  readonly #packing: Packing;
  readonly #blocks: Buffer[] = [];
  #packedBytes = 0;
  #pending = Buffer.alloc(0);

  constructor(packing: Packing) {
    this.#packing = packing;
  }

  /** Where the next byte goes. */
  get place(): MetadataPlace {
    return { block: this.#packedBytes, offset: this.#pending.length };
  }

  append(bytes: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    while (this.#pending.length >= METADATA_BYTES) {
      this.#flush(this.#pending.subarray(0, METADATA_BYTES));
      this.#pending = this.#pending.subarray(METADATA_BYTES);
    }
  }

  /** The packed stream; nothing can be appended afterwards. */
  finish(): Buffer {
    if (this.#pending.length > 0) this.#flush(this.#pending);
    return Buffer.concat(this.#blocks);
  }

  /** Where each block begins when the stream is at `start`; for after finish. */
  starts(start: number): readonly bigint[] {
    const starts: bigint[] = [];
    let at = start;
    for (const block of this.#blocks) {
      starts.push(BigInt(at));
      at += block.length;
    }
    return starts;
  }

  #flush(raw: Buffer): void {
    const { bytes, isCompressed } = packBlockSync(this.#packing, raw);
    const header = Buffer.alloc(2);
    header.writeUInt16LE(bytes.length | (isCompressed ? 0 : UNCOMPRESSED));
    const block = Buffer.concat([header, bytes]);
    this.#blocks.push(block);
    this.#packedBytes += block.length;
  }
}
