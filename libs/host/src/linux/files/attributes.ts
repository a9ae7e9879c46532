import { hasCode } from '@minos/base';
import { type Libc, offThread } from '../native/libc.ts';

/** Names and values of the extended attributes of an object, a symbolic link not followed (listxattr(2), getxattr(2)); empty where there are none. */
export async function attributesOf(c: Libc, path: string): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const names = await sized((buffer) =>
    offThread(c, { name: 'llistxattr', object: path }, (done) => c.llistxattr.async(path, buffer, buffer.length, done)),
  );
  for (const name of (names?.toString() ?? '').split('\0').filter(Boolean)) {
    const value = await sized((buffer) =>
      offThread(c, { name: 'lgetxattr', object: path }, (done) => c.lgetxattr.async(path, name, buffer, buffer.length, done)),
    );
    if (value !== undefined) found.set(name, value);
  }
  return found;
}

/** Undefined where the file system has no attributes, this one is gone, or it is not ours to read. */
async function sized(read: (buffer: Buffer) => Promise<number>): Promise<Buffer | undefined> {
  for (let size = 1024; size <= 65_536; size *= 8) {
    const buffer = Buffer.alloc(size);
    try {
      return buffer.subarray(0, await read(buffer));
    } catch (e) {
      if (['ENOTSUP', 'EOPNOTSUPP', 'ENODATA', 'EACCES', 'EPERM'].some((code) => hasCode(e, code))) return undefined;
      if (!hasCode(e, 'ERANGE')) throw e;
    }
  }
  return undefined;
}
