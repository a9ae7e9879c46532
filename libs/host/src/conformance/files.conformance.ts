import assert from 'node:assert/strict';
import { hasCode, isFault } from '@minos/base';
import type { Files } from '../port/files.ts';
import { all, type ConformanceCase, neverAborted } from './conformance-case.ts';

/** Files to check, with a directory of their own in which `link` leads to `target`, `loop` to itself, and `fifo` is a FIFO. */
export interface FilesSubject {
  readonly files: Files;
  readonly dir: string;
  readonly fifo: string;
  writeFifo(text: string): Promise<void>;
}

function fails(code: string): (e: unknown) => true {
  return (e) => {
    assert.ok(hasCode(e, code), `expected ${code}, got ${String(e)}`);
    return true;
  };
}

const CONTENT: readonly ConformanceCase<FilesSubject>[] = [
  {
    name: 'what is written is read, whole and in pieces, from any place',
    run: async ({ files, dir }) => {
      const path = `${dir}/content`;
      await files.write(path, 'hello world');
      assert.equal(await files.readText(path), 'hello world');
      const pieces = await all(files.stream(path, neverAborted(), { chunkBytes: 4, from: 2 }));
      assert.deepEqual(pieces.map(String), ['llo ', 'worl', 'd']);
      await files.write(path, 'short');
      assert.equal(await files.readText(path), 'short');
      assert.deepEqual(await all(files.stream(path, neverAborted(), { from: 99 })), []);
    },
  },
  {
    name: 'mode is set exactly, whether the file is new or not',
    run: async ({ files, dir }) => {
      const path = `${dir}/secret`;
      await files.write(path, 'a', { mode: 0o666 });
      assert.equal((await files.stat(path)).mode, 0o666);
      await files.write(path, 'bc', { mode: 0o600 });
      const { type, mode, sizeBytes } = await files.stat(path);
      assert.deepEqual({ type, mode, sizeBytes }, { type: 'file', mode: 0o600, sizeBytes: 2n });
    },
  },
  {
    name: 'an atomic write puts a new file in the place of the old one and leaves nothing else',
    run: async ({ files, dir }) => {
      await files.makeDirectory(`${dir}/atomic`);
      const path = `${dir}/atomic/config`;
      await files.write(path, 'old', { atomic: true, mode: 0o600 });
      const before = await files.stat(path);
      await files.write(path, 'new', { atomic: true, mode: 0o640 });
      const after = await files.stat(path);
      assert.equal(await files.readText(path), 'new');
      assert.equal(after.mode, 0o640);
      assert.notEqual(after.inode, before.inode);
      assert.deepEqual([...(await files.list(`${dir}/atomic`))], ['config']);
      await assert.rejects(files.write(`${dir}/nowhere/config`, 'x', { atomic: true }), fails('ENOENT'));
    },
  },
  {
    name: 'appended bytes stand in the order of the calls',
    run: async ({ files, dir }) => {
      await using file = await files.append(`${dir}/log`, { mode: 0o640 });
      await Promise.all(['one ', 'two ', 'three'].map((text) => file.write(Buffer.from(text))));
      assert.equal(await files.readText(`${dir}/log`), 'one two three');
    },
  },
  {
    name: 'a stream that is aborted before its end throws cancelled',
    run: async ({ files, dir }) => {
      await files.write(`${dir}/long`, 'x'.repeat(100));
      const stop = new AbortController();
      const read = async (): Promise<void> => {
        for await (const _chunk of files.stream(`${dir}/long`, stop.signal, { chunkBytes: 10 })) stop.abort();
      };
      await assert.rejects(read(), (e) => isFault(e, 'cancelled'));
    },
  },
];

const NAMES: readonly ConformanceCase<FilesSubject>[] = [
  {
    name: 'errors carry the errno',
    run: async ({ files, dir }) => {
      await files.write(`${dir}/plain`, '');
      await assert.rejects(files.read(`${dir}/missing`), fails('ENOENT'));
      await assert.rejects(files.stat(`${dir}/plain/below`), fails('ENOTDIR'));
      await assert.rejects(files.read(dir), fails('EISDIR'));
      await assert.rejects(all(files.stream(`${dir}/missing`, neverAborted())), fails('ENOENT'));
      await assert.rejects(files.list(`${dir}/missing`), fails('ENOENT'));
      await assert.rejects(all(files.listParts(`${dir}/missing`)), fails('ENOENT'));
      await assert.rejects(all(files.listParts(`${dir}/plain`)), fails('ENOTDIR'));
      await assert.rejects(files.remove(`${dir}/missing`), fails('ENOENT'));
      await assert.rejects(files.read(`${dir}/loop`), fails('ELOOP'));
      await assert.rejects(files.readLink(`${dir}/plain`), fails('EINVAL'));
      await assert.rejects(
        async () => files.read('relative'),
        (e) => isFault(e, 'invalid'),
      );
    },
  },
  {
    name: 'directories are made with what is above them, listed in order, and removed when empty or on demand',
    run: async ({ files, dir }) => {
      const path = `${dir}/tree/inner`;
      await files.makeDirectory(path, { mode: 0o700 });
      await files.makeDirectory(path);
      const { type, mode } = await files.stat(path);
      assert.deepEqual({ type, mode }, { type: 'directory', mode: 0o700 });
      for (const name of ['b', 'a', 'B']) await files.write(`${path}/${name}`, name);
      assert.deepEqual([...(await files.list(path))], ['B', 'a', 'b']);
      assert.deepEqual(await all(files.listParts(path)), [['B', 'a', 'b']]);
      await assert.rejects(files.remove(path), fails('ENOTEMPTY'));
      await files.remove(`${dir}/tree`, { recursive: true });
      await assert.rejects(files.stat(`${dir}/tree`), fails('ENOENT'));
      await assert.rejects(files.remove(`${dir}/tree`, { recursive: true }), fails('ENOENT'));
      await files.makeDirectory(`${dir}/empty`);
      await files.remove(`${dir}/empty`);
    },
  },
  {
    name: 'a file that is there is given to an owner with a mode; one that is not is an error',
    run: async ({ files, dir }) => {
      await files.write(`${dir}/owned`, 'x');
      const { uid, gid } = await files.stat(`${dir}/owned`);
      await files.setOwner(`${dir}/owned`, { mode: 0o640, uid, gid });
      const stat = await files.stat(`${dir}/owned`);
      assert.deepEqual([stat.mode, stat.uid, stat.gid], [0o640, uid, gid]);
      await assert.rejects(files.setOwner(`${dir}/nobody`, { mode: 0o640, uid, gid }), fails('ENOENT'));
      await files.remove(`${dir}/owned`);
    },
  },
  {
    name: 'a rename replaces the target, and not a directory by a file',
    run: async ({ files, dir }) => {
      await files.write(`${dir}/from`, 'new');
      await files.write(`${dir}/to`, 'old');
      await files.rename(`${dir}/from`, `${dir}/to`);
      assert.equal(await files.readText(`${dir}/to`), 'new');
      await assert.rejects(files.stat(`${dir}/from`), fails('ENOENT'));
      await files.makeDirectory(`${dir}/directory`);
      await assert.rejects(files.rename(`${dir}/to`, `${dir}/directory`), fails('EISDIR'));
    },
  },
  {
    name: 'a link is told as itself and followed when its content is read',
    run: async ({ files, dir }) => {
      await files.write(`${dir}/target`, 'through');
      assert.equal((await files.stat(`${dir}/link`)).type, 'symlink');
      assert.equal(await files.readLink(`${dir}/link`), 'target');
      assert.equal(await files.readText(`${dir}/link`), 'through');
      assert.equal(await files.realPath(`${dir}/link`), `${dir}/target`);
      assert.equal(await files.realPath(`${dir}/../${dir.split('/').at(-1)}/./link`), `${dir}/target`);
    },
  },
];

const REST: readonly ConformanceCase<FilesSubject>[] = [
  {
    name: 'space is told in bytes, and the free is not more than the total',
    run: async ({ files, dir }) => {
      const space = await files.space(dir);
      assert.ok(space.totalBytes > 0n && space.freeBytes <= space.totalBytes && space.availableBytes <= space.freeBytes);
    },
  },
  {
    name: 'a file without extended attributes has none, and a missing file is an error',
    run: async ({ files, dir }) => {
      await files.write(`${dir}/bare`, '');
      assert.equal((await files.attributes(`${dir}/bare`)).get('user.minos'), undefined);
      await assert.rejects(files.attributes(`${dir}/missing`), fails('ENOENT'));
    },
  },
  {
    name: 'a file of /proc is read whole although its size says 0',
    run: async ({ files }) => {
      assert.equal((await files.stat('/proc/meminfo')).sizeBytes, 0n);
      assert.match(await files.readText('/proc/meminfo'), /^MemTotal: +\d+ kB$/m);
      assert.match(Buffer.concat(await all(files.stream('/proc/uptime', neverAborted()))).toString(), /^\d+\.\d+ \d+\.\d+\n$/);
    },
  },
  {
    name: 'a FIFO is read as bytes come, past pauses of its writers, until aborted; what is not asked for stays in it',
    run: async ({ files, fifo, writeFifo }) => {
      const stop = new AbortController();
      const seen: string[] = [];
      await writeFifo('one');
      for await (const chunk of files.readFifo(fifo, stop.signal)) {
        seen.push(chunk.toString());
        if (seen.length === 2) break;
        await writeFifo('two');
        await writeFifo('three');
      }
      assert.deepEqual(seen, ['one', 'twothree']);
      await writeFifo('four');
      for await (const chunk of files.readFifo(fifo, stop.signal)) {
        assert.equal(chunk.toString(), 'four');
        stop.abort();
      }
      assert.deepEqual(await all(files.readFifo(fifo, stop.signal)), []);
    },
  },
  {
    name: 'reading a FIFO that is empty waits without holding up other files',
    run: async ({ files, dir, fifo }) => {
      const stops = Array.from({ length: 16 }, () => new AbortController());
      const waiting = stops.map((stop) => all(files.readFifo(fifo, stop.signal)));
      await files.write(`${dir}/meanwhile`, 'read');
      assert.equal(await files.readText(`${dir}/meanwhile`), 'read');
      for (const stop of stops) stop.abort();
      assert.deepEqual(
        await Promise.all(waiting),
        stops.map(() => []),
      );
    },
  },
  {
    name: 'what is no FIFO is not read as one',
    run: async ({ files, dir }) => {
      await files.write(`${dir}/no-fifo`, 'x');
      await assert.rejects(all(files.readFifo(`${dir}/no-fifo`, neverAborted())), (e) => isFault(e, 'invalid'));
      await assert.rejects(all(files.readFifo(`${dir}/missing`, neverAborted())), fails('ENOENT'));
    },
  },
];

/** What every implementation of Files keeps to. */
export const filesConformance: readonly ConformanceCase<FilesSubject>[] = [...CONTENT, ...NAMES, ...REST];
