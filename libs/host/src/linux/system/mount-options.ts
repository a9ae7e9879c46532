/** The words of a mount's options as mount(2) takes them. */
export interface MountFlags {
  readonly flags: number;
  /** What is left, for the file system itself. */
  readonly data: string;
}

/** MS_* of <linux/mount.h>. */
export const MS = {
  RDONLY: 1,
  NOSUID: 2,
  NODEV: 4,
  NOEXEC: 8,
  SYNCHRONOUS: 16,
  REMOUNT: 32,
  DIRSYNC: 128,
  NOATIME: 1024,
  NODIRATIME: 2048,
  BIND: 4096,
  MOVE: 8192,
  REC: 16384,
  SILENT: 32768,
  UNBINDABLE: 1 << 17,
  PRIVATE: 1 << 18,
  SLAVE: 1 << 19,
  SHARED: 1 << 20,
  RELATIME: 1 << 21,
  STRICTATIME: 1 << 24,
  LAZYTIME: 1 << 25,
} as const;

const WORD: Readonly<Record<string, number>> = {
  defaults: 0,
  rw: 0,
  ro: MS.RDONLY,
  nosuid: MS.NOSUID,
  nodev: MS.NODEV,
  noexec: MS.NOEXEC,
  sync: MS.SYNCHRONOUS,
  remount: MS.REMOUNT,
  dirsync: MS.DIRSYNC,
  noatime: MS.NOATIME,
  nodiratime: MS.NODIRATIME,
  relatime: MS.RELATIME,
  strictatime: MS.STRICTATIME,
  lazytime: MS.LAZYTIME,
  bind: MS.BIND,
  rbind: MS.BIND | MS.REC,
  move: MS.MOVE,
  private: MS.PRIVATE,
  rprivate: MS.PRIVATE | MS.REC,
  slave: MS.SLAVE,
  rslave: MS.SLAVE | MS.REC,
  shared: MS.SHARED,
  rshared: MS.SHARED | MS.REC,
  unbindable: MS.UNBINDABLE,
  runbindable: MS.UNBINDABLE | MS.REC,
};

/** Splits option words into flags of mount(2) and data for the file system; pure. */
export function mountFlags(options: readonly string[]): MountFlags {
  let flags = 0;
  const data: string[] = [];
  for (const option of options) {
    const flag = Object.hasOwn(WORD, option) ? WORD[option] : undefined;
    if (flag === undefined) data.push(option);
    else flags |= flag;
  }
  return { flags, data: data.join(',') };
}

/** The calls of mount(2) for some flags, in order: a bind mount takes restrictions only when it is mounted again (mount(2), "Remounting"). */
export function mountCalls(flags: number): readonly number[] {
  const restrictions = MS.RDONLY | MS.NOSUID | MS.NODEV | MS.NOEXEC | MS.NOATIME | MS.NODIRATIME | MS.RELATIME;
  const isNewBind = (flags & MS.BIND) !== 0 && (flags & MS.REMOUNT) === 0;
  if (!isNewBind || (flags & restrictions) === 0) return [flags];
  return [flags & ~restrictions, (flags & ~MS.REC) | MS.REMOUNT];
}

/** Whether the call changes a mount that is there, instead of making one. */
export function isChangeOfMount(flags: number): boolean {
  return (flags & (MS.REMOUNT | MS.PRIVATE | MS.SLAVE | MS.SHARED | MS.UNBINDABLE)) !== 0;
}
