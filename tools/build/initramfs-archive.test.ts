import { expect, test } from '@jest/globals';
import { packArchive } from './initramfs-archive.ts';

const ENTRIES = [
  { path: 'init', mode: 0o755, content: Buffer.from('program') },
  { path: 'modules', mode: 0o755 },
  { path: 'modules/order', mode: 0o644, content: Buffer.from('a\nb\n') },
];

test('every header and every content begins on a multiple of four bytes, and the trailer ends it', () => {
  const bytes = packArchive(ENTRIES);
  expect(bytes.length % 4).toBe(0);
  const headers = [...bytes.toString('latin1').matchAll(/070701/g)].map((m) => m.index % 4);
  expect(headers).toEqual([0, 0, 0, 0]);
  expect(bytes.includes('TRAILER!!!')).toBe(true);
});

test('the same entries give the same bytes', () => {
  expect(packArchive(ENTRIES).equals(packArchive(ENTRIES))).toBe(true);
});
