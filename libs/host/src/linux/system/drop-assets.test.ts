import { expect, test } from '@jest/globals';
import { wholePages } from './drop-assets.ts';

test.each([
  [0x1000n, 0x2000n, { address: 0x1000n, length: 0x2000n }],
  [0x1001n, 0x2fffn, { address: 0x2000n, length: 0x2000n }],
  [0x1001n, 0x1fffn, { address: 0x2000n, length: 0x1000n }],
  [0x1001n, 0x1ffen, undefined],
  [0x1000n, 0xfffn, undefined],
])('of the stretch at %d with %d bytes only whole pages are let go of', (address, length, pages) => {
  expect(wholePages({ address, length }, 4096)).toEqual(pages);
});
