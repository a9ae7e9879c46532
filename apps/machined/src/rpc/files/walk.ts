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
 * Each object below a root, a directory before what is in it, names in order (in very large directories in that of the file system); symbolic
 * links below are not followed. What vanishes meanwhile is left out. Throws only for the root. Memory does not grow with what is walked.
 */
export async function* walk({ files, root, maxDepth }: Walk, signal: AbortSignal): AsyncGenerator<WalkedFile, void, undefined> {
  const real = await files.realPath(root).catch((e: unknown) => {
    throw fileFault(e, root);
  });
  const open: OpenDirectory[] = [];
  const isEntered = ({ depth, stat }: WalkedFile): boolean => stat?.type === 'directory' && depth < maxDepth;
  try {
    const first = await lookAt({ files, root: real }, real, 0);
    if (first === undefined) return;
    yield first;
    if (isEntered(first)) open.push(new OpenDirectory({ files, root: real }, first));
    for (let directory = open.at(-1); directory !== undefined; directory = open.at(-1)) {
      throwIfAborted(signal);
      const found = await directory.next();
      if (found === undefined) {
        open.pop();
        continue;
      }
      yield found;
      if (found.path !== directory.path && isEntered(found)) open.push(new OpenDirectory({ files, root: real }, found));
    }
  } finally {
    await Promise.all(open.map((directory) => directory.close()));
  }
}

interface Place {
  readonly files: Files;
  /** The root of the walk, without symbolic links. */
  readonly root: string;
}

/** Objects that are looked at together. */
const TOGETHER = 64;

/** A directory of which a part has been read. */
class OpenDirectory {
  readonly path: string;
  readonly #place: Place;
  readonly #depth: number;
  readonly #parts: AsyncIterator<readonly string[]>;
  #names: readonly string[] = [];
  #at = 0;
  #found: WalkedFile[] = [];

  constructor(place: Place, { path, depth }: WalkedFile) {
    this.path = path;
    this.#place = place;
    this.#depth = depth;
    this.#parts = place.files.listParts(path)[Symbol.asyncIterator]();
  }

  /** What is next in it; the directory itself, with an error, when it cannot be read; undefined at its end. */
  async next(): Promise<WalkedFile | undefined> {
    for (let found = this.#found.pop(); ; found = this.#found.pop()) {
      if (found !== undefined) return found;
      if (this.#at >= this.#names.length) {
        const error = await this.#readPart();
        if (error !== undefined) return error;
        if (this.#names.length === 0) return undefined;
      }
      await this.#lookAtSome();
    }
  }

  async close(): Promise<void> {
    await this.#parts.return?.();
  }

  async #readPart(): Promise<WalkedFile | undefined> {
    this.#at = 0;
    this.#names = [];
    try {
      do {
        const part = await this.#parts.next();
        if (part.done === true) return undefined;
        this.#names = part.value;
      } while (this.#names.length === 0);
      return undefined;
    } catch (e) {
      return unreadable(this.#place, this.path, { depth: this.#depth, e });
    }
  }

  async #lookAtSome(): Promise<void> {
    const names = this.#names.slice(this.#at, this.#at + TOGETHER);
    this.#at += names.length;
    const looked = await Promise.all(names.map((name) => lookAt(this.#place, posix.join(this.path, name), this.#depth + 1)));
    this.#found = looked.filter((found) => found !== undefined).reverse();
  }
}

async function lookAt(place: Place, path: string, depth: number): Promise<WalkedFile | undefined> {
  try {
    const stat = await place.files.stat(path);
    return { path, depth, relativePath: relativePath(place.root, path, stat), stat, error: undefined };
  } catch (e) {
    return unreadable(place, path, { depth, e });
  }
}

/** An object that cannot be read, with the reason; undefined for one below the root that is gone. */
function unreadable(
  { root }: Place,
  path: string,
  { depth, e }: { readonly depth: number; readonly e: unknown },
): WalkedFile | undefined {
  if (depth > 0 && (hasCode(e, 'ENOENT') || hasCode(e, 'ESRCH'))) return undefined;
  const error = messageOf(fileFault(e, path));
  return { path, depth, relativePath: posix.relative(root, path) || '.', stat: undefined, error };
}

function relativePath(root: string, path: string, stat: FileStat): string {
  if (path !== root) return root === '/' ? path.slice(1) : path.slice(root.length + 1);
  return stat.type === 'directory' ? '.' : posix.basename(path);
}
