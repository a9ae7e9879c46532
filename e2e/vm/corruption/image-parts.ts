import { Fault } from '@minos/base';

/** A part of a sealed image (rootfs/stage1/README.md), in bytes from its beginning. */
export interface ImagePart {
  readonly name: 'squashfs' | 'root hash' | 'signature' | 'tree';
  readonly from: number;
  readonly length: number;
}

const BLOCK = 4096;
const DIGESTS_PER_BLOCK = 128;
const ROOT_HASH_AT = 56;
const SIGNATURE_LENGTH_AT = 88;

/** The parts of a sealed image whose change must show. */
export function imageParts(image: Buffer): readonly ImagePart[] {
  const blocks = dataBlocks(image);
  const seal = blocks * BLOCK;
  if (image.toString('latin1', seal, seal + 8) !== 'MINOSVT1') throw new Fault('invalid', 'the image has no seal');
  const signature = seal + SIGNATURE_LENGTH_AT + 4;
  return [
    { name: 'squashfs', from: 0, length: seal },
    { name: 'root hash', from: seal + ROOT_HASH_AT, length: 32 },
    { name: 'signature', from: signature, length: image.readUInt32LE(signature - 4) },
    { name: 'tree', from: seal + BLOCK, length: image.length - seal - BLOCK },
  ];
}

/** How many blocks of data an image has. */
export function dataBlocks(image: Buffer): number {
  return Math.ceil(Number(image.readBigUInt64LE(40)) / BLOCK);
}

/** The blocks of data, first and last, that cannot be read when a byte at this place of squashfs or tree is another. */
export function lostBlocks(place: number, { name, from }: ImagePart, blocks: number): readonly [number, number] {
  if (name === 'squashfs') return [Math.floor(place / BLOCK), Math.floor(place / BLOCK)];
  let index = Math.floor((place - from) / BLOCK);
  const levels = [Math.ceil(blocks / DIGESTS_PER_BLOCK)];
  while ((levels[0] ?? 1) > 1) levels.unshift(Math.ceil((levels[0] ?? 1) / DIGESTS_PER_BLOCK));
  let depth = 0;
  for (; index >= (levels[depth] ?? Number.POSITIVE_INFINITY); depth += 1) index -= levels[depth] ?? 0;
  const covered = DIGESTS_PER_BLOCK ** (levels.length - depth);
  return [index * covered, Math.min(blocks, (index + 1) * covered) - 1];
}

/** Random numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
