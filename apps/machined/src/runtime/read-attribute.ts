import { hasCode } from '@minos/base';
import type { Files } from '@minos/host';

/** What reading a file of /proc or /sys fails with where this machine, or this driver, has nothing to say. */
const NOTHING = ['ENOENT', 'ENOTDIR', 'EACCES', 'EINVAL', 'EIO', 'ENODEV', 'ENXIO', 'ENODATA', 'EOPNOTSUPP'];

/** The text of a file of /proc or /sys without blanks around it; empty where there is none. */
export async function readAttribute(files: Files, path: string): Promise<string> {
  return (await orNothing(() => files.readText(path)))?.trim() ?? '';
}

/** The names in a directory of /proc or /sys; none where it is not there. */
export async function listAttributes(files: Files, path: string): Promise<readonly string[]> {
  return (await orNothing(() => files.list(path))) ?? [];
}

/** Whatever a look at /proc or /sys gives; undefined where there is nothing to see. */
export async function orNothing<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (e) {
    if (NOTHING.some((code) => hasCode(e, code))) return undefined;
    throw e;
  }
}
