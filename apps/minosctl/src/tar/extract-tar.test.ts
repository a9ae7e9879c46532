import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { tempDir } from '@minos/testkit';
import { makeTar, type TarPart } from '../testing/make-tar.ts';
import { type Extracted, extractTar } from './extract-tar.ts';
import { readTar } from './read-tar.ts';

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const extract = (parts: readonly TarPart[], directory: string): Promise<Extracted> =>
  extractTar(readTar(chunks(makeTar(parts), 700)), directory);

test('files, directories and links arrive as they are, without set-id bits', async () => {
  await using dir = await tempDir('tar');
  const done = await extract(
    [
      { name: 'sub/', type: '5', mode: 0o755 },
      { name: 'sub/a', body: 'x'.repeat(5000), mode: 0o4755 },
      { name: 'empty', body: '' },
      { name: 'sub/link', type: '2', link: '../empty' },
    ],
    dir.path,
  );
  expect(done).toEqual({ files: 2, bytes: 5000, skipped: [] });
  expect(await readFile(dir.file('sub/a'), 'utf8')).toBe('x'.repeat(5000));
  expect((await lstat(dir.file('sub/a'))).mode & 0o7777).toBe(0o755);
  expect(await readlink(dir.file('sub/link'))).toBe('../empty');
});

test.each(['../out', '/out', 'a/../../out', 'a/..', '..'])('a name that leads out is refused: %s', async (name) => {
  await using dir = await tempDir('tar');
  const inside = dir.file('inside');
  await mkdir(inside);
  await expect(extract([{ name, body: 'bad' }], inside)).rejects.toMatchObject({ kind: 'invalid' });
  expect(await readdir(dir.path)).toEqual(['inside']);
  expect(await readdir(inside)).toEqual([]);
});

test('a link of the archive is not followed by what comes after it', async () => {
  await using dir = await tempDir('tar');
  const inside = dir.file('inside');
  const outside = dir.file('outside');
  await mkdir(inside);
  await mkdir(outside);
  const wicked: TarPart[] = [
    { name: 'way', type: '2', link: outside },
    { name: 'way/file', body: 'bad' },
  ];
  await expect(extract(wicked, inside)).rejects.toMatchObject({ kind: 'exists' });
  expect(await readdir(outside)).toEqual([]);
});

test('a link that was there already is not followed either', async () => {
  await using dir = await tempDir('tar');
  const inside = dir.file('inside');
  const outside = dir.file('outside');
  await mkdir(inside);
  await mkdir(outside);
  await symlink(outside, join(inside, 'way'));
  await symlink(join(outside, 'target'), join(inside, 'file'));
  await expect(extract([{ name: 'way/file', body: 'bad' }], inside)).rejects.toMatchObject({ kind: 'exists' });
  await expect(extract([{ name: 'file', body: 'bad' }], inside)).rejects.toMatchObject({ kind: 'exists' });
  expect(await readdir(outside)).toEqual([]);
});

test('a file that is there already is left as it is', async () => {
  await using dir = await tempDir('tar');
  await writeFile(dir.file('kept'), 'mine');
  await expect(extract([{ name: 'kept', body: 'other' }], dir.path)).rejects.toMatchObject({ kind: 'exists' });
  expect(await readFile(dir.file('kept'), 'utf8')).toBe('mine');
});

test('hard links, devices and pipes are left out and named', async () => {
  await using dir = await tempDir('tar');
  const done = await extract(
    [
      { name: 'hard', type: '1', link: '/etc/passwd' },
      { name: 'device', type: '3' },
      { name: 'pipe', type: '6' },
      { name: 'good', body: 'good' },
    ],
    dir.path,
  );
  expect(done).toEqual({ files: 1, bytes: 4, skipped: ['hard', 'device', 'pipe'] });
  expect(await readdir(dir.path)).toEqual(['good']);
});

test('long names of the pax and the GNU form are read, and are no way out', async () => {
  await using dir = await tempDir('tar');
  const long = `${'d'.repeat(120)}/${'f'.repeat(120)}`;
  const record = (key: string, value: string): string => {
    const rest = ` ${key}=${value}\n`;
    let length = rest.length + 1;
    while (String(length).length + rest.length !== length) length += 1;
    return `${length}${rest}`;
  };
  await extract(
    [
      { name: 'pax', type: 'x', body: record('path', long) },
      { name: 'short', body: '1' },
    ],
    dir.path,
  );
  expect(await readFile(dir.file(long), 'utf8')).toBe('1');
  await extract(
    [
      { name: '././@LongLink', type: 'L', body: `${long}2\0` },
      { name: 'short', body: '2' },
    ],
    dir.path,
  );
  expect(await readFile(dir.file(`${long}2`), 'utf8')).toBe('2');
  const out: TarPart[] = [
    { name: 'pax', type: 'x', body: record('path', '../out') },
    { name: 'short', body: '3' },
  ];
  await expect(extract(out, dir.path)).rejects.toMatchObject({ kind: 'invalid' });
});

test('what is no archive, or ends too early, is said to be so', async () => {
  await using dir = await tempDir('tar');
  const cut = makeTar([{ name: 'a', body: 'x'.repeat(2000) }]).subarray(0, 1500);
  await expect(extractTar(readTar(chunks(cut, 100)), dir.path)).rejects.toMatchObject({ kind: 'data-loss' });
  await expect(extractTar(readTar(chunks(Buffer.alloc(600, 'not a tar'), 100)), dir.path)).rejects.toMatchObject({
    kind: 'data-loss',
  });
});

test('an archive of GNU tar with every kind of name is read whole', async () => {
  await using dir = await tempDir('tar');
  const from = dir.file('from');
  const to = dir.file('to');
  await mkdir(join(from, 'n'.repeat(200)), { recursive: true });
  await mkdir(to);
  await writeFile(join(from, 'n'.repeat(200), 'ünï ✓'), 'text');
  await symlink('t'.repeat(200), join(from, 'link'));
  for (const format of ['gnu', 'pax', 'ustar']) {
    const args = [
      '-C',
      from,
      `--format=${format}`,
      '-cf',
      '-',
      ...(format === 'ustar' ? ['--exclude=*nnn*', '--exclude=link'] : []),
      '.',
    ];
    const target = join(to, format);
    await mkdir(target);
    const done = await extractTar(readTar(chunks(execFileSync('tar', args), 1000)), target);
    expect(done.files).toBe(format === 'ustar' ? 0 : 1);
    if (format !== 'ustar') expect(await readFile(join(target, 'n'.repeat(200), 'ünï ✓'), 'utf8')).toBe('text');
  }
});
