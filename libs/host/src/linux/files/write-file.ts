import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hasCode } from '@minos/base';
import type { WriteOptions } from '../../port/files.ts';

const NEW_MODE = 0o644;

/** Writes a whole file as the port says; mode and owner are set before the content, so that a secret is never readable in between. */
export async function writeFileAs(path: string, content: Uint8Array | string, options: WriteOptions = {}): Promise<void> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  if (options.atomic === true) await replace(path, bytes, options);
  else await overwrite(path, bytes, options);
}

async function overwrite(path: string, bytes: Uint8Array, options: WriteOptions): Promise<void> {
  const handle = await open(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NONBLOCK,
    options.mode ?? NEW_MODE,
  );
  try {
    await applyOwner(handle, options);
    await handle.writeFile(bytes);
  } finally {
    await handle.close();
  }
}

async function replace(path: string, bytes: Uint8Array, options: WriteOptions): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', options.mode ?? NEW_MODE);
    try {
      await applyOwner(handle, { ...options, mode: options.mode ?? NEW_MODE });
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (e) {
    await unlink(temporary).catch((gone: unknown) => {
      if (!hasCode(gone, 'ENOENT')) throw gone;
    });
    throw e;
  }
  await syncDirectory(dirname(path));
}

async function applyOwner(handle: FileHandle, options: WriteOptions): Promise<void> {
  if (options.uid !== undefined || options.gid !== undefined) {
    const stat = await handle.stat();
    await handle.chown(options.uid ?? stat.uid, options.gid ?? stat.gid);
  }
  if (options.mode !== undefined) await handle.chmod(options.mode);
}

/** Makes the rename itself durable. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } catch (e) {
    if (!hasCode(e, 'EINVAL')) throw e; // Some file systems cannot sync a directory.
  } finally {
    await handle.close();
  }
}
