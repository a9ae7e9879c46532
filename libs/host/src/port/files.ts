/** What kind of object a directory entry is. */
export type FileType = 'file' | 'directory' | 'symlink' | 'device' | 'char-device' | 'fifo' | 'socket' | 'unknown';

/** What lstat(2) tells. */
export interface FileStat {
  readonly type: FileType;
  /** The low twelve bits of st_mode: permissions, set-id and sticky bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: bigint;
  /** Blocks of 512 bytes that it takes on disk. */
  readonly blocks: bigint;
  readonly modifiedMs: number;
  readonly device: bigint;
  readonly inode: bigint;
}

/** What statfs(2) tells, in bytes. */
export interface FileSystemSpace {
  readonly totalBytes: bigint;
  readonly freeBytes: bigint;
  /** For an ordinary user. */
  readonly availableBytes: bigint;
  readonly inodes: bigint;
  readonly freeInodes: bigint;
}

/** How a file is written. */
export interface WriteOptions {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Written to a new file, synced, and renamed over the old one: readers see the old or the new text, also after a crash. */
  readonly atomic?: true;
}

/** A file that is appended to. */
export interface AppendFile extends AsyncDisposable {
  write(bytes: Uint8Array): Promise<void>;
}

/** Files of the machine. Paths are absolute. Errors carry the errno in `code` (test with `hasCode`). */
export interface Files {
  /** Whole content; for small files and those of /proc, whose size says 0. */
  read(path: string): Promise<Buffer>;
  readText(path: string): Promise<string>;
  /** Content in pieces of at most `chunkBytes` (64 KiB by default), read only as fast as they are taken; a FIFO or a growing file ends at its end. Throws `cancelled` when aborted before it. */
  stream(
    path: string,
    signal: AbortSignal,
    options?: { readonly chunkBytes?: number; readonly from?: number },
  ): AsyncIterable<Buffer>;
  write(path: string, content: Uint8Array | string, options?: WriteOptions): Promise<void>;
  append(path: string, options?: { readonly mode?: number }): Promise<AppendFile>;
  rename(from: string, to: string): Promise<void>;
  /** A file, link or empty directory; with `recursive` all that is below. */
  remove(path: string, options?: { readonly recursive?: true }): Promise<void>;
  /** Makes it and what is missing above it; mode and owner are those of the last, set also when it is there already. */
  makeDirectory(path: string, options?: { readonly mode?: number; readonly uid?: number; readonly gid?: number }): Promise<void>;
  /** Gives a file that is there to an owner, with a mode. */
  setOwner(path: string, owner: { readonly mode: number; readonly uid: number; readonly gid: number }): Promise<void>;
  /** Names in a directory, sorted. */
  list(path: string): Promise<readonly string[]>;
  /**
   * Names in a directory, in parts: one sorted part for up to ten thousand, else parts as the file system has them, so that memory does not grow with
   * the directory. Leaving the loop closes it.
   */
  listParts(path: string): AsyncIterable<readonly string[]>;
  /** Of the object itself: a symbolic link is not followed. */
  stat(path: string): Promise<FileStat>;
  readLink(path: string): Promise<string>;
  realPath(path: string): Promise<string>;
  space(path: string): Promise<FileSystemSpace>;
  /** Extended attributes, empty where the file system has none. */
  attributes(path: string): Promise<ReadonlyMap<string, Buffer>>;
  /** Reads a FIFO that init holds open: bytes as they come, until aborted. Nothing is read ahead of the reader; a chunk is good until the next is asked for. */
  readFifo(path: string, signal: AbortSignal): AsyncIterable<Buffer>;
}
