import { createHash } from 'node:crypto';
import { Fault } from '@minos/base';

/** Size of a block of data and of a block of the tree. */
export const BLOCK_BYTES = 4096;
const DIGEST_BYTES = 32;

/** The hash tree of some data. */
export interface VerityTree {
  /** The blocks of the tree, the topmost first, as dm-verity reads them. */
  readonly tree: Buffer;
  readonly rootHash: Buffer;
}

/** Hashes data of whole blocks into the tree of dm-verity, format 1, SHA-256, no superblock (Documentation/admin-guide/device-mapper/verity.rst). */
export function verityTree(data: Buffer, salt: Buffer): VerityTree {
  if (data.length % BLOCK_BYTES !== 0 || data.length <= BLOCK_BYTES) {
    throw new Fault('invalid', `a hash tree is made over more than one whole block of ${BLOCK_BYTES} bytes`);
  }
  const levels: Buffer[] = [];
  let below = data;
  while (below.length > BLOCK_BYTES) {
    below = levelAbove(below, salt);
    levels.unshift(below);
  }
  return { tree: Buffer.concat(levels), rootHash: digestOf(below, salt) };
}

function levelAbove(blocks: Buffer, salt: Buffer): Buffer {
  const count = blocks.length / BLOCK_BYTES;
  const level = Buffer.alloc(Math.ceil((count * DIGEST_BYTES) / BLOCK_BYTES) * BLOCK_BYTES);
  for (let i = 0; i < count; i += 1) {
    digestOf(blocks.subarray(i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES), salt).copy(level, i * DIGEST_BYTES);
  }
  return level;
}

function digestOf(block: Buffer, salt: Buffer): Buffer {
  return createHash('sha256').update(salt).update(block).digest();
}
