import { createHash, sign } from 'node:crypto';
import { Fault } from '@minos/base';
import { BLOCK_BYTES, verityTree } from './verity-tree.ts';

const MAGIC = 'MINOSVT1';
const SEALED_BYTES = 88;
const SIGNATURE_MAX = 1024;
/** squashfs_super_block.bytes_used, fs/squashfs/squashfs_fs.h */
const BYTES_USED_AT = 40;

/** Puts a signed seal and a hash tree behind a squashfs, as rootfs/stage1/README.md says; the salt follows from the content, so the same input gives the same bytes. */
export function sealImage(squashfs: Buffer, keyPem: string): Buffer {
  const used = Number(squashfs.readBigUInt64LE(BYTES_USED_AT));
  if (squashfs.toString('latin1', 0, 4) !== 'hsqs' || used > squashfs.length)
    throw new Fault('invalid', 'the image is no whole squashfs');
  const data = Buffer.alloc(Math.ceil(used / BLOCK_BYTES) * BLOCK_BYTES);
  squashfs.copy(data, 0, 0, used);
  const salt = createHash('sha256').update('minos image').update(data).digest();
  const { tree, rootHash } = verityTree(data, salt);
  return Buffer.concat([data, seal({ blocks: data.length / BLOCK_BYTES, salt, rootHash }, keyPem), tree]);
}

/** Where the parts of a sealed image begin, for whoever looks at it; pure. */
export function sealedParts(image: Buffer): Readonly<Record<'squashfs' | 'rootHash' | 'signature' | 'tree' | 'end', number>> {
  const sealAt = Math.ceil(Number(image.readBigUInt64LE(BYTES_USED_AT)) / BLOCK_BYTES) * BLOCK_BYTES;
  return {
    squashfs: 0,
    rootHash: sealAt + 56,
    signature: sealAt + SEALED_BYTES + 4,
    tree: sealAt + BLOCK_BYTES,
    end: image.length,
  };
}

interface Sealed {
  readonly blocks: number;
  readonly salt: Buffer;
  readonly rootHash: Buffer;
}

function seal({ blocks, salt, rootHash }: Sealed, keyPem: string): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(MAGIC, 'latin1');
  block.writeBigUInt64LE(BigInt(blocks), 8);
  block.writeBigUInt64LE(BigInt(blocks + 1), 16);
  salt.copy(block, 24);
  rootHash.copy(block, 56);
  const signature = sign('sha256', block.subarray(0, SEALED_BYTES), keyPem);
  if (signature.length > SIGNATURE_MAX)
    throw new Fault('invalid', `the signature has ${signature.length} bytes, and may have ${SIGNATURE_MAX}`);
  block.writeUInt32LE(signature.length, SEALED_BYTES);
  signature.copy(block, SEALED_BYTES + 4);
  return block;
}
