import { Fault, hasCode } from '@minos/base';
import type { Mount } from '../../port/system.ts';
import type { FileTree, Place } from '../files/file-tree.ts';
import type { TreeNode } from '../files/tree-node.ts';

interface Mounted {
  readonly id: number;
  readonly mount: Mount;
  /** Where it is, and what it covers; undefined for what was there from the start. */
  readonly covers: { readonly place: Place; readonly node: TreeNode } | undefined;
}

const CHANGES = ['remount', 'private', 'rprivate', 'slave', 'rslave', 'shared', 'rshared', 'unbindable', 'runbindable'];

/** The mounts of a simulated machine: each puts a tree in the place of what it covers until it is unmounted. */
export class MountTable {
  readonly #tree: FileTree;
  #mounted: Mounted[] = [];
  #nextId = 20;

  constructor(tree: FileTree) {
    this.#tree = tree;
    this.#record({ source: '/dev/loop0', target: '/', fsType: 'squashfs', options: ['ro'] }, undefined);
    this.#record({ source: 'proc', target: '/proc', fsType: 'proc', options: ['rw', 'nosuid'] }, undefined);
    this.#record({ source: 'sysfs', target: '/sys', fsType: 'sysfs', options: ['rw', 'nosuid'] }, undefined);
    this.#record({ source: 'devtmpfs', target: '/dev', fsType: 'devtmpfs', options: ['rw', 'nosuid'] }, undefined);
  }

  mount(mount: Mount): void {
    const target = this.#find(mount.target, mount.target);
    const there = this.#mounted.findLast((m) => m.mount.target === target.path);
    if (mount.options.some((option) => CHANGES.includes(option))) {
      if (there === undefined) throw new Fault('invalid', `${mount.target} is not a mount point`, { target: mount.target });
      return;
    }
    if (there !== undefined) throw new Fault('exists', `${mount.target} is a mount point already`, { target: mount.target });
    const place = this.#tree.place(target.path, 'mount');
    const isBind = mount.options.includes('bind') || mount.options.includes('rbind');
    const source: TreeNode = isBind
      ? this.#find(mount.source, mount.target).node
      : { kind: 'directory', meta: this.#tree.meta(0o755), entries: new Map() };
    if ((source.kind === 'directory') !== (target.node.kind === 'directory')) {
      throw new Fault(
        'missing',
        `${mount.source} cannot be mounted on ${mount.target}: one is a directory and the other is not`,
        { target: mount.target },
      );
    }
    this.#record({ ...mount, target: target.path }, { place, node: target.node });
    place.directory.entries.set(place.name, source);
  }

  unmount(target: string): void {
    const { path } = this.#find(target, target);
    const mounted = this.#mounted.findLast((m) => m.mount.target === path);
    if (mounted?.covers === undefined) throw new Fault('invalid', `${target} is not a mount point`, { target });
    if (this.#mounted.some((m) => m.mount.target.startsWith(`${path}/`))) {
      throw new Fault('precondition', `${target} cannot be unmounted: something is mounted below it`, { target });
    }
    this.#mounted = this.#mounted.filter((m) => m !== mounted);
    mounted.covers.place.directory.entries.set(mounted.covers.place.name, mounted.covers.node);
  }

  /** As /proc/self/mounts has it. */
  mountsText(): string {
    return this.#mounted
      .map(({ mount }) => `${mount.source} ${mount.target} ${mount.fsType || 'none'} ${words(mount)} 0 0\n`)
      .join('');
  }

  /** As /proc/self/mountinfo has it. */
  mountinfoText(): string {
    return this.#mounted
      .map(
        ({ id, mount }) =>
          `${id} ${id === 20 ? 1 : 20} 0:${id} / ${mount.target} ${words(mount)} - ${mount.fsType || 'none'} ${mount.source} ${words(mount)}\n`,
      )
      .join('');
  }

  #find(path: string, target: string): { node: TreeNode; path: string } {
    try {
      return this.#tree.find(path, { syscall: 'mount', follow: true });
    } catch (cause) {
      if (!hasCode(cause, 'ENOENT') && !hasCode(cause, 'ENOTDIR')) throw cause;
      throw new Fault('missing', `${path} is not there`, { path, target }, { cause });
    }
  }

  #record(mount: Mount, covers: Mounted['covers']): void {
    this.#mounted.push({ id: this.#nextId, mount, covers });
    this.#nextId += 1;
  }
}

function words(mount: Mount): string {
  const kept = mount.options.filter((option) => option !== 'bind' && option !== 'rbind');
  return kept.includes('ro') || kept.includes('rw') ? kept.join(',') : ['rw', ...kept].join(',');
}
