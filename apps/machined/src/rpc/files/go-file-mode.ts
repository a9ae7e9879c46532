import type { FileStat, FileType } from '@minos/host';

/** Bits of Go's os.FileMode (package io/fs): the type, and what POSIX keeps above the permissions. */
const TYPE_BITS: Readonly<Record<FileType, number>> = {
  file: 0,
  directory: 2 ** 31,
  symlink: 2 ** 27,
  device: 2 ** 26,
  fifo: 2 ** 25,
  socket: 2 ** 24,
  'char-device': 2 ** 26 + 2 ** 21,
  unknown: 2 ** 19,
};
const SPECIAL_BITS = [
  [0o4000, 2 ** 23],
  [0o2000, 2 ** 22],
  [0o1000, 2 ** 20],
] as const;

/** The mode of a file as clients expect it: Go's bits, not those of stat(2). */
export function goFileMode({ type, mode }: Pick<FileStat, 'type' | 'mode'>): number {
  const special = SPECIAL_BITS.reduce((sum, [posix, go]) => sum + ((mode & posix) === 0 ? 0 : go), 0);
  return TYPE_BITS[type] + special + (mode & 0o777);
}
