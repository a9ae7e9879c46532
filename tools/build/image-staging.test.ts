import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from '@jest/globals';
import { tempDir } from '@minos/testkit';
import type { ImageEntry } from './image-manifest.ts';
import { imageContents, planImage } from './image-staging.ts';
import { listSquashfs, writeSquashfs } from './squashfs.ts';

function directory(path: string): ImageEntry {
  return { path, source: { kind: 'directory' }, mode: '0755', uid: 0, gid: 0, strip: false };
}

function tree(path: string, mode: string): ImageEntry {
  return { path, source: { kind: 'tree', from: path.slice(1) }, mode, uid: 50, gid: 51, strip: false };
}

/** A checkout with a tree of these files. */
async function checkout(files: Readonly<Record<string, string>>) {
  const dir = await tempDir('image');
  await mkdir(dir.file('rootfs/tree'), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(dir.file(`rootfs/tree/${name}`)), { recursive: true });
    await writeFile(dir.file(`rootfs/tree/${name}`), text);
  }
  return dir;
}

/** Packs these entries of a checkout that has no packages. */
async function pack(root: string, entries: readonly ImageEntry[], file: string): Promise<void> {
  const plan = await planImage({ root, packages: new Map(), work: root }, entries);
  const packing = { level: 1, blockBytes: 4096 };
  await writeSquashfs({ contents: await imageContents(plan, root), entries: plan, file, packing });
}

test('the image has what is named, with its mode and owner, and the same bytes each time', async () => {
  await using dir = await checkout({ 'etc/a': 'one', 'etc/b': 'two' });
  const link: ImageEntry = { ...directory('/etc/c'), source: { kind: 'link', target: 'a' }, mode: '0777' };
  const entries = [
    directory('/etc'),
    tree('/etc/a', '0600'),
    tree('/etc/b', '4755'),
    link,
    { ...directory('/tmp'), mode: '1777' },
  ];
  const images: Buffer[] = [];
  for (const name of ['first', 'second']) {
    await pack(dir.path, entries, dir.file(`${name}.sqsh`));
    images.push(await readFile(dir.file(`${name}.sqsh`)));
  }
  expect(await listSquashfs(dir.file('first.sqsh'))).toEqual([
    'drwxr-xr-x 0/0 /etc',
    '-rw------- 50/51 /etc/a',
    '-rwsr-xr-x 50/51 /etc/b',
    'lrwxrwxrwx 0/0 /etc/c -> a',
    'drwxrwxrwt 0/0 /tmp',
  ]);
  expect(images[0]?.equals(images[1] ?? Buffer.alloc(0))).toBe(true);
});

test('a file that is missing and a file that no entry names are both refused by name', async () => {
  await using dir = await checkout({ 'etc/stray': '' });
  const failure = pack(dir.path, [directory('/etc'), tree('/etc/a', '0644')], dir.file('stage'));
  await expect(failure).rejects.toThrow(/\/etc\/a: tree:etc\/a is not there\n.*etc\/stray is in the tree, and no entry names it/);
});

test('a program whose libraries are not in the image is refused', async () => {
  await using dir = await checkout({});
  await mkdir(dir.file('dist'));
  await cp('/bin/ls', dir.file('dist/ls'));
  await chmod(dir.file('dist/ls'), 0o755);
  const ls: ImageEntry = { ...directory('/ls'), source: { kind: 'build', from: 'ls' } };
  await expect(pack(dir.path, [ls], dir.file('stage'))).rejects.toThrow(/\/ls needs libc\.so\.6/);
});

test('another name of a file is the same file, also in the image', async () => {
  await using dir = await checkout({ 'etc/a': 'one' });
  const other: ImageEntry = { ...tree('/etc/b', '0644'), source: { kind: 'hardlink', target: '/etc/a' } };
  const entries = [directory('/etc'), tree('/etc/a', '0644'), other];
  await pack(dir.path, entries, dir.file('a.sqsh'));
  expect(await listSquashfs(dir.file('a.sqsh'))).toContain('-rw-r--r-- 50/51 /etc/b');
});

test('a package that the lock lacks, and a made thing that nobody makes, are named', async () => {
  await using dir = await checkout({});
  const entries: ImageEntry[] = [
    { ...tree('/a', '0644'), source: { kind: 'package', from: 'nothing/usr/bin/a' } },
    { ...tree('/b', '0644'), source: { kind: 'made', from: 'nothing' } },
  ];
  await expect(pack(dir.path, entries, dir.file('stage'))).rejects.toThrow(/\/a: .* no package nothing.*\n.*\/b: made:nothing/);
});
