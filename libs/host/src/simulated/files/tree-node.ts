import type { FileType } from '../../port/files.ts';
import type { FifoQueue } from './fifo-queue.ts';
import type { GrowingBytes } from './growing-bytes.ts';

/** What every object of a simulated file system has. */
export interface NodeMeta {
  mode: number;
  uid: number;
  gid: number;
  modifiedMs: number;
  readonly inode: bigint;
  readonly attributes: ReadonlyMap<string, Buffer>;
}

/** A file whose content is made when it is read, as in /proc. */
export interface GeneratedNode {
  readonly kind: 'generated';
  readonly meta: NodeMeta;
  readonly generate: () => string | Uint8Array;
}

/** A directory; `generated` adds entries that come and go by themselves, as processes do in /proc. */
export interface DirectoryNode {
  readonly kind: 'directory';
  readonly meta: NodeMeta;
  readonly entries: Map<string, TreeNode>;
  readonly generated?: () => ReadonlyMap<string, TreeNode>;
}

export interface FileNode {
  readonly kind: 'file';
  readonly meta: NodeMeta;
  content: GrowingBytes;
}

export interface SymlinkNode {
  readonly kind: 'symlink';
  readonly meta: NodeMeta;
  readonly target: string;
}

export interface FifoNode {
  readonly kind: 'fifo';
  readonly meta: NodeMeta;
  readonly queue: FifoQueue;
}

/** Any object of a simulated file system. */
export type TreeNode = GeneratedNode | DirectoryNode | FileNode | SymlinkNode | FifoNode;

/** The type that stat(2) tells. */
export function typeOf(node: TreeNode): FileType {
  return node.kind === 'generated' ? 'file' : node.kind;
}

/** The size that stat(2) tells; 0 for what is generated. */
export function sizeOf(node: TreeNode): number {
  switch (node.kind) {
    case 'file':
      return node.content.length;
    case 'symlink':
      return Buffer.byteLength(node.target);
    case 'directory':
      return 4096;
    case 'generated':
    case 'fifo':
      return 0;
  }
}

/** The entry of a directory under a name. */
export function childOf(directory: DirectoryNode, name: string): TreeNode | undefined {
  return directory.entries.get(name) ?? directory.generated?.().get(name);
}
