import { type BigIntStats, constants, readFileSync, writeFileSync } from 'node:fs';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  rmdir,
  statfs,
  unlink,
} from 'node:fs/promises';
import { Fault, hasCode } from '@minos/base';
import type { AppendFile, FileStat, FileSystemSpace, Files, FileType, WriteOptions } from '../../port/files.ts';
import type { LibcSource } from '../native/libc.ts';
import { LinuxAppendFile } from './append-file.ts';
import { attributesOf } from './attributes.ts';
import { listParts } from './list-parts.ts';
import { readFifo } from './read-fifo.ts';
import { streamFile } from './stream-file.ts';
import { writeFileAs } from './write-file.ts';

const READ = { flag: constants.O_RDONLY | constants.O_NONBLOCK } as const;
/** Files of the kernel behind which there is memory alone: a turn through libuv's threads for each step costs more than the step. */
const IN_MEMORY = /^\/(proc\/sys|sys\/fs\/cgroup)\//;

/** Files of this machine, or of the tree under `root`: paths are joined to it, links in it are not confined to it. */
export class LinuxFiles implements Files {
  readonly #root: string;
  readonly #libc: LibcSource;

  constructor(root: string, libc: LibcSource) {
    this.#root = root === '/' ? '' : root;
    this.#libc = libc;
  }

  async read(path: string): Promise<Buffer> {
    const file = this.#at(path);
    return IN_MEMORY.test(file) ? readFileSync(file, READ) : readFile(file, READ);
  }

  async readText(path: string): Promise<string> {
    return (await this.read(path)).toString();
  }

  stream(
    path: string,
    signal: AbortSignal,
    options?: { readonly chunkBytes?: number; readonly from?: number },
  ): AsyncIterable<Buffer> {
    return streamFile(this.#at(path), signal, options);
  }

  async write(path: string, content: Uint8Array | string, options?: WriteOptions): Promise<void> {
    const file = this.#at(path);
    if (options === undefined && IN_MEMORY.test(file)) writeFileSync(file, content, { flag: 'r+' });
    else await writeFileAs(file, content, options);
  }

  async append(path: string, options?: { readonly mode?: number }): Promise<AppendFile> {
    return new LinuxAppendFile(await open(this.#at(path), 'a', options?.mode ?? 0o644));
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(this.#at(from), this.#at(to));
  }

  async remove(path: string, options?: { readonly recursive?: true }): Promise<void> {
    const target = this.#at(path);
    if (options?.recursive === true) return rm(target, { recursive: true });
    try {
      await unlink(target);
    } catch (e) {
      if (!hasCode(e, 'EISDIR')) throw e;
      await rmdir(target);
    }
  }

  async makeDirectory(
    path: string,
    options: { readonly mode?: number; readonly uid?: number; readonly gid?: number } = {},
  ): Promise<void> {
    const target = this.#at(path);
    await mkdir(target, { recursive: true });
    if (options.uid !== undefined || options.gid !== undefined) {
      const stat = await lstat(target);
      await chown(target, options.uid ?? stat.uid, options.gid ?? stat.gid);
    }
    if (options.mode !== undefined) await chmod(target, options.mode);
  }

  async setOwner(
    path: string,
    { mode, uid, gid }: { readonly mode: number; readonly uid: number; readonly gid: number },
  ): Promise<void> {
    const target = this.#at(path);
    await chown(target, uid, gid);
    await chmod(target, mode);
  }

  async list(path: string): Promise<readonly string[]> {
    return (await readdir(this.#at(path))).sort();
  }

  listParts(path: string): AsyncIterable<readonly string[]> {
    return listParts(this.#at(path));
  }

  async stat(path: string): Promise<FileStat> {
    return fileStat(await lstat(this.#at(path), { bigint: true }));
  }

  async readLink(path: string): Promise<string> {
    return readlink(this.#at(path));
  }

  async realPath(path: string): Promise<string> {
    const real = await realpath(this.#at(path));
    return real.startsWith(`${this.#root}/`) ? real.slice(this.#root.length) : real;
  }

  async space(path: string): Promise<FileSystemSpace> {
    const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(this.#at(path), { bigint: true });
    return {
      totalBytes: blocks * bsize,
      freeBytes: bfree * bsize,
      availableBytes: bavail * bsize,
      inodes: files,
      freeInodes: ffree,
    };
  }

  async attributes(path: string): Promise<ReadonlyMap<string, Buffer>> {
    return attributesOf(await this.#libc(), this.#at(path));
  }

  readFifo(path: string, signal: AbortSignal): AsyncIterable<Buffer> {
    return readFifo(this.#at(path), signal);
  }

  #at(path: string): string {
    if (!path.startsWith('/')) throw new Fault('invalid', `a path must be absolute: ${path}`, { path });
    return this.#root + path;
  }
}

function fileStat(stat: BigIntStats): FileStat {
  return {
    type: fileType(stat),
    mode: Number(stat.mode & 0o7777n),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    sizeBytes: stat.size,
    blocks: stat.blocks,
    modifiedMs: Number(stat.mtimeMs),
    device: stat.dev,
    inode: stat.ino,
  };
}

const TYPE: Readonly<Record<number, FileType>> = {
  [constants.S_IFREG]: 'file',
  [constants.S_IFDIR]: 'directory',
  [constants.S_IFLNK]: 'symlink',
  [constants.S_IFBLK]: 'device',
  [constants.S_IFCHR]: 'char-device',
  [constants.S_IFIFO]: 'fifo',
  [constants.S_IFSOCK]: 'socket',
};

function fileType(stat: BigIntStats): FileType {
  return TYPE[Number(stat.mode) & constants.S_IFMT] ?? 'unknown';
}
