import { Fault, throwIfAborted } from '@minos/base';
import { errnoError } from '../../errno-error.ts';
import type { AppendFile, FileStat, FileSystemSpace, Files, WriteOptions } from '../../port/files.ts';
import type { FifoQueue } from './fifo-queue.ts';
import type { FileTree } from './file-tree.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { type DirectoryNode, type FileNode, sizeOf, type TreeNode, typeOf } from './tree-node.ts';

const CHUNK_BYTES = 64 * 1024;
const BLOCK_BYTES = 4096;

/** The disk that the files of a simulated machine are on. */
export interface SimulatedDisk {
  readonly totalBytes: number;
  readonly inodes: number;
  /** Scripted: nothing more fits. */
  isFull: boolean;
}

/** Files of a simulated machine. Permissions are kept and told, and not enforced: the caller is root. */
export class SimulatedFiles implements Files {
  readonly #tree: FileTree;
  readonly #disk: SimulatedDisk;

  constructor(tree: FileTree, disk: SimulatedDisk) {
    this.#tree = tree;
    this.#disk = disk;
  }

  async read(path: string): Promise<Buffer> {
    return this.#open(path)(0, Number.POSITIVE_INFINITY);
  }

  async readText(path: string): Promise<string> {
    return (await this.read(path)).toString();
  }

  async *stream(
    path: string,
    signal: AbortSignal,
    options: { readonly chunkBytes?: number; readonly from?: number } = {},
  ): AsyncGenerator<Buffer, void, undefined> {
    throwIfAborted(signal);
    const readAt = this.#open(path);
    const size = options.chunkBytes ?? CHUNK_BYTES;
    for (let at = options.from ?? 0; ; ) {
      const chunk = readAt(at, at + size);
      if (chunk.length === 0) return;
      at += chunk.length;
      yield chunk;
      throwIfAborted(signal);
    }
  }

  async write(path: string, content: Uint8Array | string, options: WriteOptions = {}): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const file = this.#fileFor(path, options);
    if (file.kind === 'fifo') {
      if (!file.queue.write(bytes)) throw errnoError('EAGAIN', 'write', path);
      return;
    }
    this.#checkRoom(bytes.length - (options.atomic === true ? 0 : file.content.length), path);
    file.content = new GrowingBytes(bytes);
    setOwner(file, options);
    this.#tree.touch(file);
  }

  async append(path: string, options: { readonly mode?: number } = {}): Promise<AppendFile> {
    const file = this.#fileFor(path, options);
    return {
      write: async (bytes) => {
        if (file.kind === 'fifo') {
          if (!file.queue.write(bytes)) throw errnoError('EAGAIN', 'write', path);
          return;
        }
        this.#checkRoom(bytes.length, path);
        file.content.append(bytes);
        this.#tree.touch(file);
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  async rename(from: string, to: string): Promise<void> {
    const { node } = this.#tree.find(absolute(from), { syscall: 'rename', follow: false });
    const source = this.#tree.place(from, 'rename');
    const target = this.#tree.place(absolute(to), 'rename');
    const there = target.directory.entries.get(target.name);
    if (there?.kind === 'directory') {
      if (node.kind !== 'directory') throw errnoError('EISDIR', 'rename', to);
      if (there.entries.size > 0) throw errnoError('ENOTEMPTY', 'rename', to);
    } else if (there !== undefined && node.kind === 'directory') throw errnoError('ENOTDIR', 'rename', to);
    if (source.directory.entries.delete(source.name)) this.#tree.put(target, node);
  }

  async remove(path: string, options: { readonly recursive?: true } = {}): Promise<void> {
    const { node } = this.#tree.find(absolute(path), { syscall: 'unlink', follow: false });
    const { directory, name } = this.#tree.place(path, 'unlink');
    const hasEntries = node.kind === 'directory' && node.entries.size > 0;
    if (hasEntries && options.recursive !== true) throw errnoError('ENOTEMPTY', 'rmdir', path);
    if (!directory.entries.delete(name)) throw errnoError('EPERM', 'unlink', path);
    this.#tree.touch(directory);
  }

  async makeDirectory(
    path: string,
    options: { readonly mode?: number; readonly uid?: number; readonly gid?: number } = {},
  ): Promise<void> {
    setOwner(this.#tree.makeDirectory(absolute(path)), options);
  }

  async setOwner(path: string, owner: { readonly mode: number; readonly uid: number; readonly gid: number }): Promise<void> {
    const { node } = this.#tree.find(absolute(path), { syscall: 'chown', follow: true });
    Object.assign(node.meta, { mode: owner.mode, uid: owner.uid, gid: owner.gid });
  }

  async list(path: string): Promise<readonly string[]> {
    const { node } = this.#tree.find(absolute(path), { syscall: 'scandir', follow: true });
    if (node.kind !== 'directory') throw errnoError('ENOTDIR', 'scandir', path);
    return [...new Set([...node.entries.keys(), ...(node.generated?.().keys() ?? [])])].sort();
  }

  async *listParts(path: string): AsyncGenerator<readonly string[], void, undefined> {
    yield await this.list(path);
  }

  async stat(path: string): Promise<FileStat> {
    const { node } = this.#tree.find(absolute(path), { syscall: 'lstat', follow: false });
    const sizeBytes = BigInt(sizeOf(node));
    const { mode, uid, gid, modifiedMs, inode } = node.meta;
    const blocks = node.kind === 'file' ? ((sizeBytes + BigInt(BLOCK_BYTES) - 1n) / BigInt(BLOCK_BYTES)) * 8n : 0n;
    return { type: typeOf(node), mode, uid, gid, sizeBytes, blocks, modifiedMs, device: 1n, inode };
  }

  async readLink(path: string): Promise<string> {
    const { node } = this.#tree.find(absolute(path), { syscall: 'readlink', follow: false });
    if (node.kind !== 'symlink') throw errnoError('EINVAL', 'readlink', path);
    return node.target;
  }

  async realPath(path: string): Promise<string> {
    return this.#tree.find(absolute(path), { syscall: 'realpath', follow: true }).path;
  }

  async space(path: string): Promise<FileSystemSpace> {
    this.#tree.find(absolute(path), { syscall: 'statfs', follow: true });
    const used = this.#tree.usage();
    const freeBytes = BigInt(this.#disk.isFull ? 0 : Math.max(0, this.#disk.totalBytes - used.bytes));
    return {
      totalBytes: BigInt(this.#disk.totalBytes),
      freeBytes,
      availableBytes: freeBytes,
      inodes: BigInt(this.#disk.inodes),
      freeInodes: BigInt(Math.max(0, this.#disk.inodes - used.objects)),
    };
  }

  async attributes(path: string): Promise<ReadonlyMap<string, Buffer>> {
    return this.#tree.find(absolute(path), { syscall: 'llistxattr', follow: false }).node.meta.attributes;
  }

  async *readFifo(path: string, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
    const { node } = this.#tree.find(absolute(path), { syscall: 'open', follow: true });
    if (node.kind !== 'fifo') throw new Fault('invalid', `${path} is not a FIFO`, { path });
    for (;;) {
      await node.queue.readable(signal);
      if (signal.aborted) return;
      yield node.queue.take(CHUNK_BYTES);
    }
  }

  /** A reader of ranges; what is generated is made once, when it is opened. */
  #open(path: string): (from: number, to: number) => Buffer {
    const { node } = this.#tree.find(absolute(path), { syscall: 'open', follow: true });
    switch (node.kind) {
      case 'directory':
        throw errnoError('EISDIR', 'read', path);
      case 'fifo':
        return (from, to) => node.queue.take(to - from);
      case 'generated': {
        const content = Buffer.from(node.generate());
        return (from, to) => content.subarray(from, to);
      }
      case 'file': {
        const { content } = node;
        return (from, to) => content.slice(from, to);
      }
      case 'symlink':
        throw errnoError('ELOOP', 'open', path);
    }
  }

  /** The file to write to, made when there is none; an atomic write makes a new one in any case. */
  #fileFor(path: string, options: WriteOptions): FileNode | { readonly kind: 'fifo'; readonly queue: FifoQueue } {
    const place = this.#tree.place(absolute(path), 'open');
    const there = place.directory.entries.get(place.name) ?? place.directory.generated?.().get(place.name);
    const isNew = there === undefined || (options.atomic === true && there.kind !== 'directory');
    if (!isNew) return writable(this.#tree.find(path, { syscall: 'open', follow: true }).node, path);
    this.#checkRoom(0, path);
    const made: FileNode = { kind: 'file', meta: this.#tree.meta(0o644, ownerOf(options)), content: new GrowingBytes() };
    this.#tree.put(place, made);
    return made;
  }

  #checkRoom(moreBytes: number, path: string): void {
    const used = this.#tree.usage();
    const isOver = used.bytes + moreBytes > this.#disk.totalBytes || used.objects >= this.#disk.inodes;
    if (isOver || (this.#disk.isFull && moreBytes > 0)) throw errnoError('ENOSPC', 'write', path);
  }
}

function writable(node: TreeNode, path: string): FileNode | { readonly kind: 'fifo'; readonly queue: FifoQueue } {
  if (node.kind === 'file' || node.kind === 'fifo') return node;
  throw errnoError(node.kind === 'directory' ? 'EISDIR' : 'EACCES', 'open', path);
}

interface Owner {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

function ownerOf({ mode, uid, gid }: Owner): Owner {
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  };
}

function setOwner(node: FileNode | DirectoryNode, owner: Owner): void {
  node.meta.mode = owner.mode ?? node.meta.mode;
  node.meta.uid = owner.uid ?? node.meta.uid;
  node.meta.gid = owner.gid ?? node.meta.gid;
}

function absolute(path: string): string {
  if (!path.startsWith('/')) throw new Fault('invalid', `a path must be absolute: ${path}`, { path });
  return path;
}
