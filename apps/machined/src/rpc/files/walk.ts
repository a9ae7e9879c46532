import { posix } from 'node:path';
import { hasCode, messageOf, throwIfAborted } from '@minos/base';
import type { FileStat, Files } from '@minos/host';
import { fileFault } from './machine-path.ts';

/** One object of a walk; `error` says why it, or what is in it, could not be read. */
export interface WalkedFile {
  readonly path: string;
  /** From the root of the walk; `.` for a directory that is the root, the base name for a file. */
  readonly relativePath: string;
  /** How many directories below the root: 0 for the root. */
  readonly depth: number;
  readonly stat: FileStat | undefined;
  readonly error: string | undefined;
}

/** What to walk. */
export interface Walk {
  readonly files: Files;
  /** Absolute; a symbolic link is followed. */
  readonly root: string;
  /** How deep to go; 1 is what is directly in the root. */
  readonly maxDepth: number;
}

/**
 * Each object below a root, a directory before what is in it, names in order; symbolic links below are not followed. What
 * vanishes meanwhile is left out. Throws only for the root. Memory grows with the width of directories, not with their content.
 */
export async function* walk({ files, root, maxDepth }: Walk, signal: AbortSignal): AsyncGenerator<WalkedFile, void, undefined> {
  const real = await files.realPath(root).catch((e: unknown) => {
    throw fileFault(e, root);
  });
  const pending: { path: string; depth: number }[] = [{ path: real, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    throwIfAborted(signal);
    const { path, depth } = next;
    const about = { path, depth, relativePath: '.' };
    try {
      const stat = await files.stat(path);
      about.relativePath = relativePath(real, path, stat);
      yield { ...about, stat, error: undefined };
      if (stat.type !== 'directory' || depth >= maxDepth) continue;
      const names = await files.list(path);
      for (const name of names.toReversed()) pending.push({ path: posix.join(path, name), depth: depth + 1 });
    } catch (e) {
      if (depth > 0 && (hasCode(e, 'ENOENT') || hasCode(e, 'ESRCH'))) continue;
      yield { ...about, relativePath: posix.relative(real, path) || '.', stat: undefined, error: messageOf(fileFault(e, path)) };
    }
  }
}

function relativePath(root: string, path: string, stat: FileStat): string {
  if (path !== root) return posix.relative(root, path);
  return stat.type === 'directory' ? '.' : posix.basename(path);
}
