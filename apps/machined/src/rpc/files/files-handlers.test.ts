import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { DiskUsageRequest, type FileInfo, ListRequest } from '@minos/api/machine';
import { type FaultKind, isFault } from '@minos/base';
import { linuxHost } from '@minos/host/linux';
import type { CallContext } from '@minos/rpc';
import { recordingLogger, type TempDir, tempDir } from '@minos/testkit';
import { fileHandlers } from './files-handlers.ts';

const run = promisify(execFile);
const log = recordingLogger();
const handlers = fileHandlers({ host: linuxHost(), log });
const context: CallContext = {
  method: '',
  metadata: { all: () => [], first: () => undefined },
  signal: new AbortController().signal,
  peer: '',
  roles: new Set(),
};

async function tree(): Promise<TempDir> {
  const dir = await tempDir('files');
  await mkdir(dir.file('sub/deep'), { recursive: true });
  await writeFile(dir.file('a.txt'), 'hello');
  await writeFile(dir.file('sub/b.txt'), 'x'.repeat(1000));
  await writeFile(dir.file('sub/deep/c.txt'), 'y'.repeat(10));
  await symlink('/etc/f', dir.file('link'));
  await chmod(dir.file('a.txt'), 0o4640);
  return dir;
}

async function collect<T>(answers: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const answer of answers) found.push(answer);
  return found;
}

async function bytesOf(answers: AsyncIterable<{ bytes: Buffer }>): Promise<Buffer> {
  return Buffer.concat((await collect(answers)).map(({ bytes }) => bytes));
}

function list(root: string, more: Partial<ListRequest> = {}): Promise<FileInfo[]> {
  return collect(handlers.List(ListRequest.fromPartial({ root, ...more }), context));
}

async function expectRefusal(kind: FaultKind, answers: AsyncIterable<unknown>): Promise<string> {
  const refusal = await collect(answers).then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(isFault(refusal) ? refusal.kind : refusal).toBe(kind);
  return isFault(refusal) ? refusal.message : '';
}

test('List tells the directory first and then what is directly in it, with the mode bits of Go', async () => {
  await using dir = await tree();
  const found = await list(dir.path);
  expect(found.map((info) => [info.relativeName, info.mode.toString(8)])).toEqual([
    ['.', (2 ** 31 + 0o700).toString(8)],
    ['a.txt', (2 ** 23 + 0o640).toString(8)],
    ['link', (2 ** 27 + 0o777).toString(8)],
    ['sub', (2 ** 31 + 0o755).toString(8)],
  ]);
  expect(found[1]).toMatchObject({ name: dir.file('a.txt'), size: 5n, isDir: false, uid: process.getuid?.(), error: '' });
  expect(found[2]?.link).toBe('/etc/f');
});

test('List goes as deep as asked and shows the kinds that were asked for', async () => {
  await using dir = await tree();
  const names = async (more: Partial<ListRequest>): Promise<string[]> =>
    (await list(dir.path, more)).map((info) => info.relativeName);
  expect(await names({ recurse: true, recursionDepth: -1 })).toEqual([
    '.',
    'a.txt',
    'link',
    'sub',
    'sub/b.txt',
    'sub/deep',
    'sub/deep/c.txt',
  ]);
  expect(await names({ recurse: true, recursionDepth: 2 })).toEqual(['.', 'a.txt', 'link', 'sub', 'sub/b.txt', 'sub/deep']);
  expect(await names({ recurse: true, types: [0] })).toEqual(['a.txt', 'sub/b.txt', 'sub/deep/c.txt']);
  expect(await names({ types: [2] })).toEqual(['link']);
});

test('List of a file is the file; of nothing, a relative path or a zero byte it is refused', async () => {
  await using dir = await tree();
  expect((await list(dir.file('a.txt'))).map((info) => info.relativeName)).toEqual(['a.txt']);
  await expectRefusal('missing', handlers.List(ListRequest.fromPartial({ root: dir.file('none') }), context));
  await expectRefusal('invalid', handlers.List(ListRequest.fromPartial({ root: 'etc' }), context));
  await expectRefusal('invalid', handlers.List(ListRequest.fromPartial({ root: '/etc\0/x' }), context));
});

test('DiskUsage adds up what is below, tells a directory after what is in it, and filters', async () => {
  await using dir = await tree();
  const usage = async (more: Partial<DiskUsageRequest>) =>
    (await collect(handlers.DiskUsage(DiskUsageRequest.fromPartial({ paths: [dir.path], ...more }), context))).map(
      (info) => info.relativeName,
    );
  expect(await usage({})).toEqual(['sub/deep', 'sub', '.']);
  expect(await usage({ recursionDepth: 1 })).toEqual(['sub', '.']);
  expect(await usage({ all: true })).toEqual(['a.txt', 'link', 'sub/b.txt', 'sub/deep/c.txt', 'sub/deep', 'sub', '.']);
  expect(await usage({ all: true, threshold: 500n })).not.toContain('a.txt');
  expect(await usage({ all: true, threshold: -500n })).toContain('a.txt');
  const sizes = new Map(
    (await collect(handlers.DiskUsage(DiskUsageRequest.fromPartial({ paths: [dir.path], all: true }), context))).map((i) => [
      i.relativeName,
      i.size,
    ]),
  );
  const files = (sizes.get('sub/b.txt') ?? 0n) + (sizes.get('sub/deep') ?? 0n);
  expect((sizes.get('sub') ?? 0n) - files).toBeGreaterThan(0n);
  expect(sizes.get('sub/b.txt')).toBe(1000n);
});

test('Read streams a file of any size, and one of /proc that says it is empty', async () => {
  await using dir = await tree();
  expect((await bytesOf(handlers.Read({ path: dir.file('a.txt') }, context))).toString()).toBe('hello');
  const bootId = await bytesOf(handlers.Read({ path: '/proc/sys/kernel/random/boot_id' }, context));
  expect(bootId.toString()).toMatch(/^[0-9a-f-]{36}\n$/);
  await truncate(dir.file('a.txt'), 1_000_000);
  const chunks = await collect(handlers.Read({ path: dir.file('a.txt') }, context));
  expect(Math.max(...chunks.map(({ bytes }) => bytes.length))).toBe(64 * 1024);
});

test('Read refuses a directory, a device, what is missing and a relative path', async () => {
  await using dir = await tree();
  expect(await expectRefusal('invalid', handlers.Read({ path: dir.file('sub') }, context))).toMatch(/is a directory/);
  await expectRefusal('invalid', handlers.Read({ path: '/dev/zero' }, context));
  await expectRefusal('missing', handlers.Read({ path: dir.file('none') }, context));
  await expectRefusal('missing', handlers.Read({ path: dir.file('a.txt/x') }, context));
  await expectRefusal('invalid', handlers.Read({ path: 'a.txt' }, context));
});

test('Copy of a directory unpacks with tar to the same files, without a root entry', async () => {
  await using dir = await tree();
  await using out = await tempDir('copy');
  const longName = `${'long-directory-name-'.repeat(6)}/${'é'.repeat(60)}.txt`;
  await mkdir(dir.file(longName.split('/')[0] ?? ''));
  await writeFile(dir.file(longName), 'long');
  await symlink(`/${'t'.repeat(150)}`, dir.file('long-link'));
  const socket = createServer().listen(dir.file('socket'));
  await writeFile(out.file('x.tgz'), await bytesOf(handlers.Copy({ rootPath: dir.path }, context)));
  socket.close();
  const { stdout } = await run('tar', ['-tzf', out.file('x.tgz')], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  const names = stdout.trim().split('\n');
  expect(names.slice(0, 3)).toEqual(['a.txt', 'link', `${'long-directory-name-'.repeat(6)}/`]);
  expect(names).toContain('sub/deep/c.txt');
  expect(names.some((name) => name.startsWith('.') || name.includes('socket'))).toBe(false);
  await run('tar', ['-xzf', out.file('x.tgz'), '-C', out.path, '--no-same-owner']);
  await run('diff', ['-r', '--no-dereference', '--exclude=socket', '--exclude=x.tgz', dir.path, out.path]);
});

test('Copy of a file is that file under its base name, and files of /proc and /sys have their content', async () => {
  await using dir = await tree();
  await using out = await tempDir('copy');
  for (const [path, name] of [
    [dir.file('a.txt'), 'a.txt'],
    ['/proc/sys/kernel/ostype', 'ostype'],
    ['/sys/kernel/mm/transparent_hugepage/enabled', 'enabled'],
  ] as const) {
    await writeFile(out.file('x.tgz'), await bytesOf(handlers.Copy({ rootPath: path }, context)));
    await run('tar', ['-xzf', out.file('x.tgz'), '-C', out.path, '--no-same-owner']);
    expect(await readFile(out.file(name), 'utf8')).toBe(await readFile(path, 'utf8'));
  }
});

test('Copy of nothing is refused before a byte is sent', async () => {
  await expectRefusal('missing', handlers.Copy({ rootPath: '/none' }, context));
  await expectRefusal('invalid', handlers.Copy({ rootPath: 'none' }, context));
});

test('Copy of a large file takes little memory, and one that is broken off ends', async () => {
  await using dir = await tempDir('copy');
  await writeFile(dir.file('large'), '');
  await truncate(dir.file('large'), 400 * 1024 * 1024);
  const before = process.memoryUsage.rss();
  let peak = before;
  for await (const { bytes } of handlers.Copy({ rootPath: dir.path }, context)) {
    peak = Math.max(peak, process.memoryUsage.rss());
    expect(bytes.length).toBeLessThanOrEqual(64 * 1024);
  }
  expect(peak - before).toBeLessThan(160 * 1024 * 1024);
  for await (const _ of handlers.Copy({ rootPath: dir.path }, context)) break;
}, 30_000);
