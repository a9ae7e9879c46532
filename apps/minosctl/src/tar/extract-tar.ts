import { constants } from 'node:fs';
import { lstat, mkdir, open, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, hasCode } from '@minos/base';
import type { TarEntry } from './read-tar.ts';

/** What came of an extraction. */
export interface Extracted {
  readonly files: number;
  readonly bytes: number;
  /** Names of entries that are no files, directories or links, and hard links: they are left out. */
  readonly skipped: readonly string[];
}

/**
 * Writes the entries below a directory. Nothing is written anywhere else: names that are absolute or go up are refused,
 * no link is followed (not one of the archive, not one that was there), every file is made anew (a Fault `exists` when
 * there is one already), and symbolic links are made last. Set-id bits are dropped.
 */
export async function extractTar(entries: AsyncIterable<TarEntry>, directory: string): Promise<Extracted> {
  const links: { readonly path: string; readonly target: string; readonly name: string }[] = [];
  const skipped: string[] = [];
  let files = 0;
  let bytes = 0;
  for await (const entry of entries) {
    const parts = safeParts(entry.name);
    if (parts.length === 0) continue;
    const path = join(directory, ...parts);
    if (entry.kind === 'hardlink' || entry.kind === 'other') {
      skipped.push(entry.name);
      continue;
    }
    await makeParents(directory, parts.slice(0, -1));
    if (entry.kind === 'directory') await makeDirectory(path, entry.name);
    else if (entry.kind === 'symlink') links.push({ path, target: entry.linkTarget, name: entry.name });
    else {
      await writeNew(path, entry);
      files += 1;
      bytes += entry.size;
    }
  }
  for (const { path, target, name } of links) {
    await symlink(target, path).catch((e: unknown) => {
      throw alreadyThere(e, name);
    });
  }
  return { files, bytes, skipped };
}

/** The parts of a name below the root; throws `invalid` for a name that leads out. Pure. */
export function safeParts(name: string): string[] {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || parts.includes('..') || name.includes('\0')) {
    throw new Fault(
      'invalid',
      `the archive wants to write outside of the directory: ${JSON.stringify(name)}; nothing of it was written`,
    );
  }
  return parts;
}

async function makeParents(directory: string, parts: readonly string[]): Promise<void> {
  for (let depth = 1; depth <= parts.length; depth++) {
    await makeDirectory(join(directory, ...parts.slice(0, depth)), parts.slice(0, depth).join('/'));
  }
}

async function makeDirectory(path: string, name: string): Promise<void> {
  try {
    await mkdir(path, 0o755);
  } catch (e) {
    if (!hasCode(e, 'EEXIST')) throw e;
    if (!(await lstat(path)).isDirectory())
      throw new Fault('exists', `${name} is there already, and is no directory`, {}, { cause: e });
  }
}

async function writeNew(path: string, entry: TarEntry): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = await open(path, flags, entry.mode).catch((e: unknown) => {
    throw alreadyThere(e, entry.name);
  });
  try {
    for await (const part of entry.body) await file.write(part);
  } finally {
    await file.close();
  }
}

function alreadyThere(e: unknown, name: string): unknown {
  if (!hasCode(e, 'EEXIST') && !hasCode(e, 'ELOOP')) return e;
  return new Fault('exists', `${name} is there already; copy into an empty directory`, {}, { cause: e });
}
