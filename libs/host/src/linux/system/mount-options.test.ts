import { expect, test } from '@jest/globals';
import { isChangeOfMount, MS, mountCalls, mountFlags } from './mount-options.ts';

test('words of mount(8) become flags, and what is left goes to the file system', () => {
  expect(mountFlags(['rw', 'nosuid', 'nodev', 'size=1m', 'mode=0755'])).toEqual({
    flags: MS.NOSUID | MS.NODEV,
    data: 'size=1m,mode=0755',
  });
  expect(mountFlags(['constructor'])).toEqual({ flags: 0, data: 'constructor' });
});

test('a restricted bind mount takes a second call, any other mount one', () => {
  const bindRo = MS.BIND | MS.REC | MS.RDONLY;
  expect(mountCalls(bindRo)).toEqual([MS.BIND | MS.REC, MS.BIND | MS.RDONLY | MS.REMOUNT]);
  expect(mountCalls(MS.BIND)).toEqual([MS.BIND]);
  expect(mountCalls(MS.RDONLY | MS.NOSUID)).toEqual([MS.RDONLY | MS.NOSUID]);
});

test('remounts and changes of propagation do not make a mount', () => {
  expect(isChangeOfMount(MS.REMOUNT | MS.RDONLY)).toBe(true);
  expect(isChangeOfMount(mountFlags(['rprivate']).flags)).toBe(true);
  expect(isChangeOfMount(MS.BIND | MS.RDONLY)).toBe(false);
});
