import { mkdir, rename, rm } from 'node:fs/promises';

/** Fills a new folder and puts it in the place of the old one only when that has succeeded: a reader sees one or the other. */
export async function replaceFolder(path: string, fill: (fresh: string) => Promise<void>): Promise<void> {
  const fresh = `${path}.new-${process.pid}`;
  const old = `${path}.old-${process.pid}`;
  await mkdir(fresh, { recursive: true });
  try {
    await fill(fresh);
    await rename(path, old).catch(() => undefined);
    await rename(fresh, path);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}
