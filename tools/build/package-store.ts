import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, formatProblems, isFault } from '@minos/base';
import { parseYamlDocument } from '@minos/config';
import { freshArchive, hasLists, machineArchive, type PackageArchive, sha256Of } from './package-archive.ts';
import { type LockedPackage, lockChanges, parsePackagesLock, printPackagesLock } from './packages-lock.ts';
import { isThere } from './programs.ts';
import { replaceFolder } from './replace-folder.ts';
import { run } from './run-command.ts';

/** The packages of a build, unpacked: by name, the lock and the folder with its files. */
export type UnpackedPackages = ReadonlyMap<string, { readonly locked: LockedPackage; readonly folder: string }>;

/** Set to 1, a package whose locked version has left the archive is built from the newest instead, for this build alone. */
export const MOVED_LOCK_VARIABLE = 'MINOS_MOVED_LOCK';

function lockFile(root: string): string {
  return join(root, 'rootfs/packages.lock.yaml');
}

async function readPackagesLock(file: string, part: 'whole' | 'names' = 'whole'): Promise<readonly LockedPackage[]> {
  const document = parseYamlDocument(await readFile(file, 'utf8'));
  const lock = document.ok ? parsePackagesLock(document.value, part) : document;
  if (!lock.ok) throw new Fault('invalid', `${file}:\n${formatProblems(lock.problems)}`);
  return lock.value;
}

/** Makes sure that every locked package is unpacked below .cache, downloading what is missing. Throws a Fault that names each version that the archive no longer has. */
export async function unpackPackages(root: string, say: (line: string) => void = () => undefined): Promise<UnpackedPackages> {
  const lock = await lockInForce(root);
  const isUnpacked = await Promise.all(lock.map((locked) => isThere(folderOf(root, locked))));
  const absent = lock.filter((_, i) => isUnpacked[i] !== true);
  const gone = absent.length === 0 ? [] : await fetchPackages(root, absent);
  if (gone.length > 0 && process.env[MOVED_LOCK_VARIABLE] === '1') {
    await moveForThisBuild(root, lock, say);
    return unpackPackages(root, say);
  }
  if (gone.length > 0) throw new Fault('missing', goneMessage(gone));
  return new Map(lock.map((locked) => [locked.name, { locked, folder: folderOf(root, locked) }]));
}

function goneMessage(gone: readonly LockedPackage[]): string {
  const names = gone.map(({ name, version }) => `  ${name} ${version}`).join('\n');
  return `the archive no longer has what rootfs/packages.lock.yaml names:\n${names}\nrun: node tools/build/packages.ts --move-lock, and look at what it changes`;
}

/** Takes the newest of every package into rootfs/packages.lock.yaml, and returns what changed, one line each. */
export async function movePackagesLock(root: string): Promise<readonly string[]> {
  const old = await readPackagesLock(lockFile(root), 'names');
  const now = await newestOf(root, old);
  await writeFile(lockFile(root), printPackagesLock(now));
  return lockChanges(old, now);
}

async function newestOf(root: string, lock: readonly LockedPackage[]): Promise<readonly LockedPackage[]> {
  const archive = await freshArchive(join(root, '.cache/apt'));
  return archive.newest(lock.map(({ name, follows }) => follows ?? name));
}

/** A lock that was moved for this checkout's build holds as long as the one that it was moved from. */
function movedFile(root: string): string {
  return join(root, '.cache/moved-packages.lock.yaml');
}

async function lockInForce(root: string): Promise<readonly LockedPackage[]> {
  const moved = movedFile(root);
  const isMoved = process.env[MOVED_LOCK_VARIABLE] === '1' && (await isThere(moved));
  if (!isMoved) return readPackagesLock(lockFile(root));
  const from = await readFile(`${moved}.from`, 'utf8').catch(() => '');
  return from === (await sha256Of(lockFile(root))) ? readPackagesLock(moved) : readPackagesLock(lockFile(root));
}

async function moveForThisBuild(root: string, old: readonly LockedPackage[], say: (line: string) => void): Promise<void> {
  const now = await newestOf(root, old);
  const changes = lockChanges(old, now);
  if (changes.length === 0) throw new Fault('unavailable', 'the archive lists packages that it does not give; try again later');
  say('packages of this build only, because the archive no longer has the locked ones:');
  for (const change of changes) say(`  ${change}`);
  await writeFile(movedFile(root), printPackagesLock(now));
  await writeFile(`${movedFile(root)}.from`, await sha256Of(lockFile(root)));
}

function folderOf(root: string, { name, sha256 }: LockedPackage): string {
  return join(root, '.cache/packages', `${name}-${sha256.slice(0, 16)}`);
}

/** Downloads and unpacks these; returns those that the archive no longer has. */
async function fetchPackages(root: string, absent: readonly LockedPackage[]): Promise<readonly LockedPackage[]> {
  await mkdir(join(root, '.cache/packages'), { recursive: true });
  const folder = await mkdtemp(join(root, '.cache/download-'));
  try {
    const gone = await download(root, absent, folder);
    const files = new Map<string, string>();
    for (const name of await readdir(folder))
      if (name.endsWith('.deb')) files.set(await sha256Of(join(folder, name)), join(folder, name));
    for (const locked of absent.filter((p) => !gone.includes(p))) await unpackPackage(root, locked, files);
    return gone;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function unpackPackage(root: string, locked: LockedPackage, files: ReadonlyMap<string, string>): Promise<void> {
  const file = files.get(locked.sha256);
  if (file === undefined) {
    throw new Fault(
      'precondition',
      `${locked.name} ${locked.version} came with another hash than the locked one; it is not used`,
    );
  }
  await replaceFolder(folderOf(root, locked), async (fresh) => void (await run('dpkg-deb', ['-x', file, fresh])));
}

/** From the lists of the machine; when these lack one, from fresh ones, because old lists name what is gone. */
async function download(root: string, absent: readonly LockedPackage[], folder: string): Promise<readonly LockedPackage[]> {
  if ((await hasLists()) && (await isGiven(machineArchive(), absent, folder))) return [];
  const archive = await freshArchive(join(root, '.cache/apt'));
  if (await isGiven(archive, absent, folder)) return [];
  const gone: LockedPackage[] = [];
  for (const locked of absent) if (!(await isGiven(archive, [locked], folder))) gone.push(locked);
  return gone;
}

async function isGiven(archive: PackageArchive, wanted: readonly LockedPackage[], folder: string): Promise<boolean> {
  try {
    await archive.download(wanted, folder);
    return true;
  } catch (e) {
    if (isFault(e) && e.kind === 'missing') return false;
    throw e;
  }
}
