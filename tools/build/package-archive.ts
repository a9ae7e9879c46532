import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, messageOf } from '@minos/base';
import type { LockedPackage } from './packages-lock.ts';
import { isThere } from './programs.ts';
import { run } from './run-command.ts';

/** The archives of Debian that the apt of this machine is configured for, with lists of what they have. */
export interface PackageArchive {
  /** Downloads all of these into an empty folder. Throws a Fault `missing` when the archive lacks one. */
  download(wanted: readonly Pick<LockedPackage, 'name' | 'version'>[], folder: string): Promise<void>;
  /** The newest package of each name, in that order. */
  newest(names: readonly string[]): Promise<readonly LockedPackage[]>;
}

/** The lists of the machine when it has some, as they are. */
export function machineArchive(): PackageArchive {
  return archiveWith([]);
}

/** Lists of our own below `folder`, taken anew: `apt-get update` of the machine's sources for somebody who is not root. */
export async function freshArchive(folder: string): Promise<PackageArchive> {
  await Promise.all(
    ['state/lists/partial', 'cache/archives/partial'].map((part) => mkdir(join(folder, part), { recursive: true })),
  );
  const options = [`Dir::State=${join(folder, 'state')}`, `Dir::Cache=${join(folder, 'cache')}`].flatMap((o) => ['-o', o]);
  const status = ['-o', 'Dir::State::status=/var/lib/dpkg/status'];
  await run('apt-get', [...SANDBOX, ...options, ...status, '--quiet', 'update']);
  return archiveWith([...options, ...status]);
}

// apt's own user would have to reach our folders; it is told to stay who it is.
const SANDBOX = ['-o', 'APT::Sandbox::User=root'];

function archiveWith(options: readonly string[]): PackageArchive {
  const show = async (names: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const text = await run('apt-cache', [...options, '--no-all-versions', 'show', ...names]).catch((cause: unknown) => {
      throw new Fault('missing', `the archive lacks a package: ${messageOf(cause)}`, {}, { cause });
    });
    return new Map(text.split(/\n\n+/).map((stanza) => [fieldOf(stanza, 'Package'), stanza]));
  };
  return {
    download: async (wanted, folder) => {
      const names = wanted.map(({ name, version }) => `${name}=${version}`);
      await run('apt-get', [...SANDBOX, ...options, '--quiet', 'download', ...names], folder).catch((cause: unknown) => {
        throw new Fault('missing', `the archive gives not all of ${names.join(', ')}: ${messageOf(cause)}`, {}, { cause });
      });
    },
    newest: async (names) => {
      const found = await show(names);
      const kernels = [...found.values()].flatMap((stanza) => kernelIn(stanza) ?? []);
      const all = new Map([...found, ...(kernels.length > 0 ? await show(kernels) : [])]);
      return names.map((name) => newestIn(all, name));
    },
  };
}

function fieldOf(stanza: string, key: string): string {
  return new RegExp(`^${key}: (\\S+)`, 'm').exec(stanza)?.[1] ?? '';
}

/** What a package that only names the newest kernel depends on. */
function kernelIn(stanza: string): string | undefined {
  return /^Depends: (linux-image-\d\S*)/m.exec(stanza)?.[1];
}

function newestIn(stanzas: ReadonlyMap<string, string>, name: string): LockedPackage {
  const stanza = stanzas.get(name);
  if (stanza === undefined) throw new Fault('missing', `the archive has no package ${name}`, { package: name });
  const kernel = kernelIn(stanza);
  if (kernel !== undefined) return { ...newestIn(stanzas, kernel), follows: name };
  const field = (key: string): string => fieldOf(stanza, key);
  return { name, version: field('Version'), architecture: field('Architecture'), sha256: field('SHA256') };
}

/** The SHA-256 of a file, in hexadecimal. */
export async function sha256Of(file: string): Promise<string> {
  const bytes = await readFile(file);
  return createHash('sha256').update(bytes).digest('hex');
}

/** Whether the machine has lists of packages to look into. */
export async function hasLists(): Promise<boolean> {
  if (!(await isThere('/var/lib/apt/lists'))) return false;
  return (await readdir('/var/lib/apt/lists')).some((name) => name.includes('_Packages'));
}
