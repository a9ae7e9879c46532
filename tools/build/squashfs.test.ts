import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { tempDir } from '@minos/testkit';
import type { ImageEntry } from './image-manifest.ts';
import { run } from './run-command.ts';
import { listSquashfs, writeSquashfs } from './squashfs.ts';

const PACKING = { level: 1, blockBytes: 4096 };

function entry(path: string, kind: 'directory' | 'tree'): ImageEntry {
  const source = kind === 'tree' ? ({ kind, from: path } as const) : ({ kind } as const);
  return { path, source, mode: kind === 'tree' ? '0644' : '0755', uid: 0, gid: 0, strip: false };
}

/** Contents of every kind of size, some the same, in more directories and names than one block of metadata holds. */
function manyFiles(): ReadonlyMap<string, Buffer> {
  const sizes = [0, 1, 100, 4095, 4096, 4097, 8192, 20_000];
  const files = new Map<string, Buffer>();
  for (let i = 0; i < 700; i += 1) {
    const size = sizes[i % sizes.length] ?? 0;
    const bytes = Buffer.alloc(size);
    // Half of them do not pack at all.
    for (let at = 0; at < size; at += 1) bytes[at] = i % 2 === 0 ? (at * 31 + i) & 7 : (at * at * 7919 + at * 104_729 + i) >>> 5;
    files.set(`/d${i % 5}/file-with-a-name-${i}`, bytes);
  }
  files.set('/d0/same', Buffer.alloc(9000, 3));
  files.set('/d1/same', Buffer.alloc(9000, 3));
  return files;
}

test('unsquashfs finds every file with its content, also those that share a block or their content', async () => {
  await using dir = await tempDir('squashfs');
  const files = manyFiles();
  const contents = new Map<string, string>();
  for (const [path, bytes] of files) {
    const file = dir.file(`content-${contents.size}`);
    await writeFile(file, bytes);
    contents.set(path, file);
  }
  const entries = [
    ...[0, 1, 2, 3, 4].map((i) => entry(`/d${i}`, 'directory')),
    ...[...files.keys()].map((p) => entry(p, 'tree')),
  ];
  const report = await writeSquashfs({ contents, entries, file: dir.file('image'), packing: PACKING });
  expect((await readFile(dir.file('image'))).length).toBe(report.bytes);
  await run('unsquashfs', ['-no-progress', '-d', dir.file('out'), dir.file('image')]);
  expect((await readdir(dir.file('out'), { recursive: true })).length).toBe(files.size + 5);
  for (const [path, bytes] of files) expect((await readFile(join(dir.file('out'), path))).equals(bytes)).toBe(true);
});

test('a second build packs only what changed, and gives the bytes of a build without memory', async () => {
  await using dir = await tempDir('squashfs');
  const [a, b] = [dir.file('a'), dir.file('b')];
  await writeFile(a, Buffer.alloc(9000, 1));
  await writeFile(b, Buffer.alloc(9000, 2));
  const entries = [entry('/a', 'tree'), entry('/b', 'tree')];
  const contents = new Map([
    ['/a', a],
    ['/b', b],
  ]);
  const options = { contents, entries, packing: PACKING };
  const build = (name: string) => writeSquashfs({ ...options, file: dir.file(name), cache: dir.file('cache/blocks') });
  expect((await build('first')).freshBlocks).toBe(4);
  expect((await build('second')).freshBlocks).toBe(0);
  await writeFile(b, Buffer.alloc(9000, 3));
  expect((await build('third')).freshBlocks).toBe(2);
  await writeSquashfs({ ...options, file: dir.file('clean') });
  expect((await readFile(dir.file('third'))).equals(await readFile(dir.file('clean')))).toBe(true);
});

test('an image of directories and links alone has no data', async () => {
  await using dir = await tempDir('squashfs');
  const link: ImageEntry = { ...entry('/a/b', 'directory'), source: { kind: 'link', target: '../c' }, mode: '0777' };
  await mkdir(dir.file('x'));
  await writeSquashfs({
    contents: new Map(),
    entries: [entry('/a', 'directory'), link],
    file: dir.file('image'),
    packing: PACKING,
  });
  expect(await listSquashfs(dir.file('image'))).toEqual(['drwxr-xr-x 0/0 /a', 'lrwxrwxrwx 0/0 /a/b -> ../c']);
});
