import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type TempDir, tempDir } from '@minos/testkit';
import { MOVED_LOCK_VARIABLE, movePackagesLock, unpackPackages } from './package-store.ts';
import { run } from './run-command.ts';

/** An archive of one package in a folder, a checkout whose lock names it, and an apt that knows no other archive. */
let dir: TempDir;
beforeEach(async () => {
  dir = await tempDir('packages');
  await mkdir(dir.file('archive'));
  await mkdir(dir.file('checkout/rootfs'), { recursive: true });
  await writeFile(dir.file('sources.list'), `deb [trusted=yes] file:${dir.file('archive')} ./\n`);
  const state = ['lists/partial', 'cache/archives/partial'].map((folder) => mkdir(dir.file(folder), { recursive: true }));
  await Promise.all(state);
  const config = [
    `Dir::Etc::sourcelist "${dir.file('sources.list')}";`,
    'Dir::Etc::sourceparts "-";',
    `Dir::State::lists "${dir.file('lists')}";`,
    `Dir::Cache "${dir.file('cache')}";`,
  ];
  await writeFile(dir.file('apt.conf'), `${config.join('\n')}\n`);
  process.env['APT_CONFIG'] = dir.file('apt.conf');
});
afterEach(async () => {
  delete process.env['APT_CONFIG'];
  delete process.env[MOVED_LOCK_VARIABLE];
  await dir[Symbol.asyncDispose]();
});

/** Puts this version into the archive instead of the one that was there, and returns its hash. */
async function publish(version: string): Promise<string> {
  const tree = dir.file(`tree-${version}`);
  await mkdir(join(tree, 'DEBIAN'), { recursive: true });
  await mkdir(join(tree, 'usr/share'), { recursive: true });
  await writeFile(join(tree, 'usr/share/thing'), version);
  const control = `Package: thing\nVersion: ${version}\nArchitecture: all\nMaintainer: a <a@b>\nDescription: x\n`;
  await writeFile(join(tree, 'DEBIAN/control'), control);
  const name = `thing_${version}_all.deb`;
  const deb = join(dir.file('archive'), name);
  await run('dpkg-deb', ['--root-owner-group', '-b', tree, deb]);
  const bytes = await readFile(deb);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const row = `${control}Filename: ./${name}\nSize: ${bytes.length}\nSHA256: ${sha256}\n`;
  await writeFile(join(dir.file('archive'), 'Packages'), row);
  return sha256;
}

async function lock(version: string, sha256: string): Promise<string> {
  const file = dir.file('checkout/rootfs/packages.lock.yaml');
  await writeFile(file, `packages: [{ name: thing, version: '${version}', architecture: all, sha256: '${sha256}' }]\n`);
  return file;
}

async function content(): Promise<string> {
  const packages = await unpackPackages(dir.file('checkout'));
  return readFile(join(packages.get('thing')?.folder ?? '', 'usr/share/thing'), 'utf8');
}

test('a locked package is downloaded and unpacked, once', async () => {
  await lock('1.0', await publish('1.0'));
  expect(await content()).toBe('1.0');
  await publish('2.0');
  expect(await content()).toBe('1.0');
}, 60_000);

test('a version that has left the archive is named with what to do; told to, one build takes the newest, and the lock stays', async () => {
  const file = await lock('1.0', await publish('1.0'));
  const before = await readFile(file, 'utf8');
  await publish('2.0');
  await expect(content()).rejects.toThrow(/thing 1\.0\n.*--move-lock/);
  process.env[MOVED_LOCK_VARIABLE] = '1';
  const said: string[] = [];
  await unpackPackages(dir.file('checkout'), (line) => said.push(line));
  expect(said).toContain('  thing: 1.0 → 2.0');
  expect(await content()).toBe('2.0');
  expect(await readFile(file, 'utf8')).toBe(before);
}, 60_000);

test('a package with other bytes than the lock says is not used', async () => {
  await publish('1.0');
  await lock('1.0', '0'.repeat(64));
  await expect(content()).rejects.toThrow('thing 1.0 came with another hash than the locked one');
}, 60_000);

test('the lock is moved to the newest, and what changed is said', async () => {
  const file = await lock('1.0', await publish('1.0'));
  const sha256 = await publish('2.0');
  expect(await movePackagesLock(dir.file('checkout'))).toEqual(['thing: 1.0 → 2.0']);
  expect(await readFile(file, 'utf8')).toContain(`{ name: thing, version: '2.0', architecture: all, sha256: '${sha256}' }`);
}, 60_000);
