import { chmod, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { tempDir } from '@minos/testkit';
import type { ImageEntry } from './image-manifest.ts';
import { stageImage } from './image-staging.ts';
import { listSquashfs, writeSquashfs } from './squashfs.ts';

const root = join(import.meta.dirname, '../..');

function directory(path: string): ImageEntry {
  return { path, source: { kind: 'directory' }, mode: '0755', uid: 0, gid: 0, strip: false };
}

function tree(path: string, mode: string): ImageEntry {
  return { path, source: { kind: 'tree', from: path.slice(1) }, mode, uid: 50, gid: 51, strip: false };
}

/** A checkout with a tree of these files, and the Node of this one. */
async function checkout(files: Readonly<Record<string, string>>) {
  const dir = await tempDir('image');
  await mkdir(dir.file('rootfs/tree'), { recursive: true });
  await symlink(join(root, 'node_modules'), dir.file('node_modules'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(dir.file(`rootfs/tree/${name}`)), { recursive: true });
    await writeFile(dir.file(`rootfs/tree/${name}`), text);
  }
  return dir;
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
    await stageImage(dir.path, entries, dir.file(name));
    await writeSquashfs({ stage: dir.file(name), entries, file: dir.file(`${name}.sqsh`), level: 1 });
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
  const failure = stageImage(dir.path, [directory('/etc'), tree('/etc/a', '0644')], dir.file('stage'));
  await expect(failure).rejects.toThrow(/\/etc\/a: tree:etc\/a is not there\n.*etc\/stray is in the tree, and no entry names it/);
});

test('a program whose libraries are not in the image is refused', async () => {
  await using dir = await checkout({});
  await mkdir(dir.file('dist'));
  await cp('/bin/ls', dir.file('dist/ls'));
  await chmod(dir.file('dist/ls'), 0o755);
  const ls: ImageEntry = { ...directory('/ls'), source: { kind: 'build', from: 'ls' } };
  await expect(stageImage(dir.path, [ls], dir.file('stage'))).rejects.toThrow(/\/ls needs libc\.so\.6/);
});
