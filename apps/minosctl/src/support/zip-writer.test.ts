import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { isFault } from '@minos/base';
import { tempDir } from '@minos/testkit';
import { readZip } from '../testing/read-zip.ts';
import { centralHeader, endOfArchive } from './zip-records.ts';
import { ZipWriter } from './zip-writer.ts';

async function* parts(...texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

async function* broken(...texts: readonly string[]): AsyncGenerator<Buffer> {
  yield* parts(...texts);
  throw new Error('the node is gone');
}

async function made(dir: string, order: readonly string[]): Promise<Buffer> {
  await using zip = await ZipWriter.make(dir);
  await Promise.all(order.map((name) => zip.add(name, parts('text of ', name))));
  await zip.finish(`${dir}/${order.join('')}.zip`);
  return readFile(`${dir}/${order.join('')}.zip`);
}

test('an archive has its entries by name, and is the same whatever came first', async () => {
  await using dir = await tempDir('zip');
  const one = await made(dir.path, ['b', 'a', 'ü']);
  expect([...readZip(one)]).toEqual([
    ['a', 'text of a'],
    ['b', 'text of b'],
    ['ü', 'text of ü'],
  ]);
  expect(await made(dir.path, ['ü', 'b', 'a'])).toEqual(one);
  expect((await readdir(dir.path)).filter((name) => !name.endsWith('.zip'))).toEqual([]);
});

test('of a source that fails the archive has what had come, and nothing when that is nothing', async () => {
  await using dir = await tempDir('zip');
  await using zip = await ZipWriter.make(dir.path);
  expect(await zip.add('half', broken('some'))).toMatchObject({ bytes: 4, failure: { message: 'the node is gone' } });
  expect(await zip.add('nothing', broken())).toMatchObject({ bytes: 0, failure: { message: 'the node is gone' } });
  expect(await zip.add('empty', parts())).toEqual({ bytes: 0, failure: undefined });
  await zip.finish(dir.file('made.zip'));
  expect([...readZip(await readFile(dir.file('made.zip')))]).toEqual([
    ['empty', ''],
    ['half', 'some'],
  ]);
});

test('a name is there once, and a file that is there is not replaced', async () => {
  await using dir = await tempDir('zip');
  await using zip = await ZipWriter.make(dir.path);
  await zip.add('one', parts('1'));
  expect(isFault(await zip.add('one', parts('2')).catch((e: unknown) => e), 'exists')).toBe(true);
  await zip.finish(dir.file('made.zip'));
  await expect(zip.finish(dir.file('made.zip'))).rejects.toMatchObject({ code: 'EEXIST' });
});

test('what lies beyond 4 GiB or the 65,535th entry is told in the fields of ZIP64', () => {
  const entry = { name: 'far', crc: 1, size: 2, packedSize: 3 };
  const far = centralHeader(entry, 0x1_2345_6789);
  expect(far.readUInt32LE(42)).toBe(0xffffffff);
  expect(far.readBigUInt64LE(far.length - 8)).toBe(0x1_2345_6789n);
  const end = endOfArchive({ count: 70_000, directoryAt: 1000, directoryBytes: 500 });
  expect(end.readUInt16LE(end.length - 12)).toBe(0xffff);
  expect(end.readBigUInt64LE(32)).toBe(70_000n);
  expect(end.readBigUInt64LE(48)).toBe(1000n);
  expect(() => centralHeader({ ...entry, size: 2 ** 32 }, 0)).toThrow('too large');
});
