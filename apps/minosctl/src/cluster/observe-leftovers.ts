import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { hasCode } from '@minos/base';
import type { ClusterIdentity } from './cluster-options.ts';
import { findHolders, type Holder } from './find-holders.ts';
import { type GuardRoute, readGuardRoute } from './guard-route.ts';
import { type Link, readLinks } from './read-links.ts';

/** What is on this machine that belongs to a cluster, whoever left it there. */
export interface Leftovers {
  readonly holders: readonly Holder[];
  /** Mount points, the innermost first. */
  readonly mounts: readonly string[];
  readonly links: readonly Link[];
  /** Directories of cgroup v2, the innermost first. */
  readonly cgroups: readonly string[];
  /** Set when it was made by us and no other cluster needs it. */
  readonly route: GuardRoute | undefined;
  readonly hasFiles: boolean;
}

/** Looks for everything of a cluster by its names alone; needs no record. */
export async function observeLeftovers(identity: ClusterIdentity): Promise<Leftovers> {
  const [holders, mountinfo, links, cgroups] = await Promise.all([
    findHolders(),
    readFile('/proc/self/mountinfo', 'utf8'),
    readLinks(),
    findCgroups(identity.cgroup),
  ]);
  const isOurs = (name: string): boolean =>
    name === identity.bridge || (name.startsWith(identity.vethPrefix) && /^\d+$/.test(name.slice(identity.vethPrefix.length)));
  const others = links.filter((link) => link.alias.startsWith(BRIDGE_ALIAS) && link.name !== identity.bridge);
  return {
    holders: holders.filter((h) => h.bridge === identity.bridge || isOurs(h.link) || h.pidfile.startsWith(identity.dir + sep)),
    mounts: mountsBelow(mountinfo, identity.dir),
    links: links.filter((link) => isOurs(link.name)),
    cgroups,
    route: others.length > 0 ? undefined : await readGuardRoute(),
    hasFiles: await isThere(identity.dir),
  };
}

/** What the alias of a bridge of ours begins with; the name of the cluster follows. */
export const BRIDGE_ALIAS = 'minos cluster ';

/** Mount points at or below a directory, the innermost first; pure. */
export function mountsBelow(mountinfo: string, dir: string): string[] {
  return mountinfo
    .split('\n')
    .map((line) => unescapeMount(line.split(' ')[4] ?? ''))
    .filter((path) => path === dir || path.startsWith(dir + sep))
    .reverse();
}

/** The mount point of cgroup v2 on this host, when it has one. */
export async function cgroupMount(): Promise<string | undefined> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  const found = mounts.find(([, , type]) => type === 'cgroup2')?.[1];
  return found === undefined ? undefined : unescapeMount(found);
}

async function findCgroups(name: string): Promise<string[]> {
  const mount = await cgroupMount();
  return mount === undefined ? [] : directoriesBelow(join(mount, name));
}

async function directoriesBelow(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const below = await Promise.all(entries.filter((e) => e.isDirectory()).map((e) => directoriesBelow(join(path, e.name))));
    return [...below.flat(), path];
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return [];
    throw e;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await readdir(path);
    return true;
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return false;
    throw e;
  }
}

// proc(5): blanks, tabs, newlines and backslashes are octal there.
function unescapeMount(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
