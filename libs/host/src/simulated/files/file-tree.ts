import { errnoError } from '../../errno-error.ts';
import { FifoQueue } from './fifo-queue.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { childOf, type DirectoryNode, type NodeMeta, sizeOf, type TreeNode } from './tree-node.ts';

/** Where a path leads. */
export interface Found {
  readonly node: TreeNode;
  /** Without links. */
  readonly path: string;
}

/** A directory and a name in it. */
export interface Place {
  readonly directory: DirectoryNode;
  readonly name: string;
}

/** Mode and owner of something new. */
export interface NewMeta {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly attributes?: ReadonlyMap<string, Buffer>;
}

const MAX_LINKS = 40;

/** One tree of files in memory: names, links, and the errors that Linux has for them. */
export class FileTree {
  readonly root: DirectoryNode;
  readonly #now: () => number;
  #nextInode = 2n;

  constructor(now: () => number) {
    this.#now = now;
    this.root = { kind: 'directory', meta: this.meta(0o755), entries: new Map() };
  }

  meta(mode: number, options: NewMeta = {}): NodeMeta {
    return {
      mode: options.mode ?? mode,
      uid: options.uid ?? 0,
      gid: options.gid ?? 0,
      modifiedMs: this.#now(),
      inode: this.#nextInode++,
      attributes: options.attributes ?? new Map(),
    };
  }

  touch(node: TreeNode): void {
    node.meta.modifiedMs = this.#now();
  }

  /** Follows a path (path_resolution(7)), the last link only when asked. Throws ENOENT, ENOTDIR, ELOOP. */
  find(path: string, options: { readonly syscall: string; readonly follow: boolean }): Found {
    const fail = (code: string): never => {
      throw errnoError(code, options.syscall, path);
    };
    let pending = partsOf(path);
    let trail: { name: string; node: TreeNode }[] = [];
    for (let links = 0; pending.length > 0; ) {
      const [name = '', ...rest] = pending;
      pending = rest;
      if (name === '..') {
        trail.pop();
        continue;
      }
      const directory = trail.at(-1)?.node ?? this.root;
      if (directory.kind !== 'directory') return fail('ENOTDIR');
      const node = childOf(directory, name);
      if (node === undefined) return fail('ENOENT');
      if (node.kind === 'symlink' && (pending.length > 0 || options.follow)) {
        links += 1;
        if (links > MAX_LINKS) return fail('ELOOP');
        if (node.target.startsWith('/')) trail = [];
        pending = [...partsOf(node.target), ...pending];
      } else trail.push({ name, node });
    }
    return { node: trail.at(-1)?.node ?? this.root, path: `/${trail.map((step) => step.name).join('/')}` };
  }

  /** The directory that holds a path, and the name in it. */
  place(path: string, syscall: string): Place {
    const parts = partsOf(path);
    const name = parts.pop();
    if (name === undefined) throw errnoError('EBUSY', syscall, path);
    const directory = this.find(`/${parts.join('/')}`, { syscall, follow: true }).node;
    if (directory.kind !== 'directory') throw errnoError('ENOTDIR', syscall, path);
    return { directory, name };
  }

  /** Makes a directory and those above it; one that is there is returned as it is. Throws EEXIST when something else is there. */
  makeDirectory(path: string, options: NewMeta = {}): DirectoryNode {
    let at = this.root;
    const parts = partsOf(path);
    for (const [i, name] of parts.entries()) {
      const there =
        childOf(at, name) === undefined
          ? undefined
          : this.find(`/${parts.slice(0, i + 1).join('/')}`, { syscall: 'mkdir', follow: true }).node;
      if (there !== undefined && there.kind !== 'directory') throw errnoError('EEXIST', 'mkdir', path);
      const made: DirectoryNode = there ?? {
        kind: 'directory',
        meta: this.meta(0o755, i === parts.length - 1 ? options : {}),
        entries: new Map(),
      };
      if (there === undefined) this.put({ directory: at, name }, made);
      at = made;
    }
    return at;
  }

  put({ directory, name }: Place, node: TreeNode): void {
    directory.entries.set(name, node);
    this.touch(directory);
  }

  /** Adds a file and the directories above it; for building a tree. */
  addFile(path: string, content: Uint8Array | string, options: NewMeta = {}): void {
    this.#add(path, { kind: 'file', meta: this.meta(0o644, options), content: new GrowingBytes(content) });
  }

  addGenerated(path: string, generate: () => string | Uint8Array): void {
    this.#add(path, { kind: 'generated', meta: this.meta(0o444), generate });
  }

  addLink(path: string, target: string): void {
    this.#add(path, { kind: 'symlink', meta: this.meta(0o777), target });
  }

  /** Adds a FIFO and hands its queue to whoever plays the other end. */
  addFifo(path: string): FifoQueue {
    const queue = new FifoQueue();
    this.#add(path, { kind: 'fifo', meta: this.meta(0o600), queue });
    return queue;
  }

  /** Bytes of all files and how many objects there are. */
  usage(): { readonly bytes: number; readonly objects: number } {
    const count = (node: TreeNode): { bytes: number; objects: number } => {
      const sum = { bytes: node.kind === 'file' ? sizeOf(node) : 0, objects: 1 };
      if (node.kind !== 'directory') return sum;
      for (const child of node.entries.values()) {
        const part = count(child);
        sum.bytes += part.bytes;
        sum.objects += part.objects;
      }
      return sum;
    };
    return count(this.root);
  }

  #add(path: string, node: TreeNode): void {
    const parts = partsOf(path);
    const name = parts.pop() ?? '';
    this.put({ directory: this.makeDirectory(`/${parts.join('/')}`), name }, node);
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
