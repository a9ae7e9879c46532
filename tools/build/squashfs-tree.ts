import { Fault } from '@minos/base';
import type { Packing } from './squashfs-blocks.ts';
import type { FileData } from './squashfs-data.ts';
import { directoryInode, fileInode, INODE, type InodeHead, linkInode } from './squashfs-inode.ts';
import { type MetadataPlace, MetadataWriter } from './squashfs-metadata.ts';

/** Something in an image besides its root. */
export interface TreeEntry {
  readonly path: string;
  readonly kind: 'directory' | 'file' | 'link' | 'hardlink';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a link what it says, of a hard link the path of the file. */
  readonly target?: string;
}

/** The tables of an image that say what is where. */
export interface SquashfsTree {
  readonly inodes: Buffer;
  readonly directories: Buffer;
  readonly root: MetadataPlace;
  readonly inodeCount: number;
  /** The users and groups that inodes name by their place here. */
  readonly ids: readonly number[];
}

interface Named {
  readonly name: string;
  readonly place: MetadataPlace;
  readonly number: number;
  readonly type: number;
}

/** Listings have a header for at most so many names (SQUASHFS_DIR_COUNT). */
const NAMES_PER_HEADER = 256;
const LISTING_MAX = 0xffff - 3;

/** Writes inodes and listings of entries, files with their data. Entries are sorted by path, and the directory of each is among them. */
export function writeTree(entries: readonly TreeEntry[], files: ReadonlyMap<string, FileData>, packing: Packing): SquashfsTree {
  return new TreeWriter(entries, files, packing).write();
}

class TreeWriter {
  readonly #children = new Map<string, TreeEntry[]>();
  readonly #names = new Map<string, number>();
  readonly #numbers = new Map<string, number>();
  readonly #done = new Map<string, Named>();
  readonly #ids: number[] = [];
  readonly #inodes: MetadataWriter;
  readonly #listings: MetadataWriter;
  readonly #files: ReadonlyMap<string, FileData>;

  constructor(entries: readonly TreeEntry[], files: ReadonlyMap<string, FileData>, packing: Packing) {
    this.#files = files;
    this.#inodes = new MetadataWriter(packing);
    this.#listings = new MetadataWriter(packing);
    for (const entry of entries) {
      const parent = entry.path.slice(0, entry.path.lastIndexOf('/'));
      this.#children.set(parent, [...(this.#children.get(parent) ?? []), entry]);
      const file = fileOf(entry);
      this.#names.set(file, (this.#names.get(file) ?? 0) + 1);
      if (entry.kind !== 'hardlink') this.#numbers.set(entry.path, this.#numbers.size + 1);
    }
    this.#numbers.set('', this.#numbers.size + 1);
  }

  write(): SquashfsTree {
    const root = this.#directory({ path: '', kind: 'directory', mode: 0o755, uid: 0, gid: 0 }, this.#numbers.size + 1);
    const tables = { inodes: this.#inodes.finish(), directories: this.#listings.finish() };
    return { ...tables, root: root.place, inodeCount: this.#numbers.size, ids: this.#ids };
  }

  #entry(entry: TreeEntry, parent: number): Named {
    if (entry.kind === 'directory') return this.#directory(entry, parent);
    const done = this.#done.get(fileOf(entry));
    const named = done === undefined ? this.#leaf(entry) : done;
    return { ...named, name: entry.path.slice(entry.path.lastIndexOf('/') + 1) };
  }

  /** A file is written at the first of its names, with the mode and owner of that entry; links of one file have the same. */
  #leaf(entry: TreeEntry): Named {
    const path = fileOf(entry);
    const head = this.#head(entry, path);
    if (entry.kind === 'link') return this.#put(linkInode(head, entry.target ?? ''), head, INODE.link);
    const data = this.#files.get(path);
    if (data === undefined) throw new Fault('invalid', `${entry.path} is another name of ${path}, which is no file of the image`);
    const named = this.#put(fileInode(head, data, this.#names.get(path) ?? 1), head, INODE.file);
    this.#done.set(path, named);
    return named;
  }

  #directory(entry: TreeEntry, parent: number): Named {
    const head = this.#head(entry, entry.path);
    const children = this.#children.get(entry.path) ?? [];
    const inside = children.map((child) => this.#entry(child, head.number)).sort((a, b) => (a.name < b.name ? -1 : 1));
    const { block, offset } = this.#listings.place;
    const listing = listingOf(inside);
    if (listing.length > LISTING_MAX) throw new Fault('invalid', `${entry.path} has too many names for one directory`);
    this.#listings.append(listing);
    const subdirectories = children.filter((child) => child.kind === 'directory').length;
    const inode = directoryInode(head, { block, offset, size: listing.length, subdirectories, parent });
    return { ...this.#put(inode, head, INODE.directory), name: entry.path.slice(entry.path.lastIndexOf('/') + 1) };
  }

  #head({ mode, uid, gid }: TreeEntry, path: string): InodeHead {
    return { mode, uid: this.#id(uid), gid: this.#id(gid), number: this.#numbers.get(path) ?? 0 };
  }

  #id(id: number): number {
    if (!this.#ids.includes(id)) this.#ids.push(id);
    return this.#ids.indexOf(id);
  }

  #put(inode: Buffer, { number }: InodeHead, type: number): Named {
    const { place } = this.#inodes;
    this.#inodes.append(inode);
    return { name: '', place, number, type };
  }
}

/** The path under which a file of several names is written. */
function fileOf({ kind, path, target }: TreeEntry): string {
  return kind === 'hardlink' ? (target ?? '') : path;
}

/** Groups of names whose inodes begin in one block and whose numbers are near each other (squashfs_dir_header, squashfs_dir_entry). */
function listingOf(inside: readonly Named[]): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < inside.length; ) {
    const first = inside[at];
    if (first === undefined) break;
    const rest = inside.slice(at, at + NAMES_PER_HEADER);
    const end = rest.findIndex((n) => n.place.block !== first.place.block || Math.abs(n.number - first.number) > 0x7fff);
    const group = end < 0 ? rest : rest.slice(0, end);
    const header = Buffer.alloc(12);
    header.writeUInt32LE(group.length - 1, 0);
    header.writeUInt32LE(first.place.block, 4);
    header.writeUInt32LE(first.number, 8);
    parts.push(header, ...group.map((named) => listed(named, first.number)));
    at += group.length;
  }
  return Buffer.concat(parts);
}

function listed({ name, place, number, type }: Named, base: number): Buffer {
  const text = Buffer.from(name);
  const entry = Buffer.alloc(8);
  entry.writeUInt16LE(place.offset, 0);
  entry.writeInt16LE(number - base, 2);
  entry.writeUInt16LE(type, 4);
  entry.writeUInt16LE(text.length - 1, 6);
  return Buffer.concat([entry, text]);
}
