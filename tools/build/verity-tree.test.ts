import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { BLOCK_BYTES, verityTree } from './verity-tree.ts';

test('a tree of two and more levels is the one that veritysetup makes', () => {
  const data = Buffer.concat(Array.from({ length: 300 }, (_, i) => Buffer.alloc(BLOCK_BYTES, i % 251)));
  const { tree, rootHash } = verityTree(data, Buffer.from('7'.padStart(64, '0'), 'hex'));
  expect(rootHash.toString('hex')).toBe('a0ab79ba04f775c1ac9680bb1870abb8328195fc339b879ebbb9d0bb1eb00f4b');
  const digest = createHash('sha256').update(tree).digest('hex');
  expect(digest).toBe('5d0ff4bc72a0fb722e2ea7147d36f286ef937c8a4c700920141adc5d5f57e783');
});

test('data that ends in the middle of a block is refused', () => {
  expect(() => verityTree(Buffer.alloc(BLOCK_BYTES + 1), Buffer.alloc(32))).toThrow('whole block');
});
