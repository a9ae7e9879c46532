import { zstdDecompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { parseFixture, type SimulatedHost, simulatedHost } from '@minos/host/simulated';
import { type RecordingLogger, recordingLogger, VirtualClock } from '@minos/testkit';
import { LogBook } from './log-book.ts';

interface Fixture {
  readonly host: SimulatedHost;
  readonly clock: VirtualClock;
  readonly log: RecordingLogger;
  readonly make: () => LogBook;
}

function open(): Fixture {
  const clock = new VirtualClock();
  const fixture = parseFixture({});
  if (!fixture.ok) throw new Error('the fixture is wrong');
  const host = simulatedHost(fixture.value, { clock });
  const log = recordingLogger();
  const options = { files: host.files, clock, log, directory: '/var/log', ringBytes: 1024, rotateBytes: 200 };
  return { host, clock, log, make: () => new LogBook(options) };
}

async function text(book: LogBook): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of book.read('a', { tailLines: -1, follow: false }, new AbortController().signal)) parts.push(part);
  return Buffer.concat(parts).toString();
}

test('what an earlier machined wrote is there before the first new line', async () => {
  const { make } = open();
  await using first = make();
  await first.append('a', Buffer.from('old\n'));
  await first.flush();
  await using second = make();
  await second.append('a', Buffer.from('new\n'));
  expect(await text(second)).toBe('old\nnew\n');
});

test('a file that reached its limit is put away compressed, and the newest four of them are kept', async () => {
  const { host, make } = open();
  const line = (i: number): string => `${String(i).padStart(4, '0')} ${'x'.repeat(94)}\n`;
  for (let i = 0; i < 15; i++) {
    await using book = make();
    await book.append('a', Buffer.from(line(i)));
  }
  const names = await host.files.list('/var/log');
  expect(names).toEqual(['a.log', 'a.log.1.zst', 'a.log.2.zst', 'a.log.3.zst', 'a.log.4.zst']);
  const packed = await Promise.all(
    names
      .slice(1)
      .toReversed()
      .map((name) => host.files.read(`/var/log/${name}`)),
  );
  const text =
    packed.map((bytes) => zstdDecompressSync(bytes).toString()).join('') + (await host.files.readText('/var/log/a.log'));
  expect(text).toBe(Array.from({ length: 9 }, (_, i) => line(i + 6)).join(''));
});

test('a log that fills its file again and again while an old one is compressed loses old lines, never the newest', async () => {
  const { host, make } = open();
  {
    await using book = make();
    for (let i = 0; i < 500; i++) {
      await book.append('a', Buffer.from(`${String(i).padStart(4, '0')} ${'x'.repeat(94)}\n`));
      await book.flush();
    }
    await book.append('a', Buffer.from('last\n'));
  }
  const names = await host.files.list('/var/log');
  expect(names.length).toBeLessThanOrEqual(6);
  expect(await host.files.readText('/var/log/a.log')).toMatch(/last\n$/);
});

test('a full disk costs lines on disk only, and is told once', async () => {
  const { host, clock, log, make } = open();
  await using book = make();
  await book.append('a', Buffer.from('one\n'));
  await book.flush();
  host.act({ do: 'fill-disk' });
  for (let i = 0; i < 10; i++) {
    await book.append('a', Buffer.from('lost\n'));
    await book.flush();
  }
  host.act({ do: 'free-disk' });
  await clock.advance(20_000);
  await book.append('a', Buffer.from('two\n'));
  await book.flush();
  expect(await text(book)).toBe(`one\n${'lost\n'.repeat(10)}two\n`);
  expect(await host.files.readText('/var/log/a.log')).toBe('one\ntwo\n');
  const told = log.lines.map(({ message }) => message);
  expect(told).toEqual(['log cannot be written to disk', 'log lines not written to disk']);
});
