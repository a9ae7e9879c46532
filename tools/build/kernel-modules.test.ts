import { expect, test } from '@jest/globals';
import { moduleOrder } from './kernel-modules.ts';

const MODULES = new Map([
  ['virtio_blk', { needs: ['virtio', 'virtio_ring'] }],
  ['virtio', { needs: ['virtio_ring'] }],
  ['virtio_ring', { needs: [] }],
  ['dm_verity', { needs: ['dm_mod'] }],
  ['dm_mod', { needs: [] }],
]);

test('a module comes after all that it needs, and each comes once', () => {
  expect(moduleOrder(['virtio_blk', 'virtio', 'dm-verity'], MODULES)).toEqual([
    'virtio_ring',
    'virtio',
    'virtio_blk',
    'dm_mod',
    'dm_verity',
  ]);
});

test('a module that there is not is named, with those that need it', () => {
  expect(() => moduleOrder(['a'], new Map([['a', { needs: ['b'] }]]))).toThrow('a → b');
});
