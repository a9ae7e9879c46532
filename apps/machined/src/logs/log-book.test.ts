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
  await using second = make();
  await second.append('a', Buffer.from('new\n'));
  expect(await text(second)).toBe('old\nnew\n');
});

test('a file that reached its limit is kept once and begun anew', async () => {
  const { host, make } = open();
  await using book = make();
  for (let i = 0; i < 5; i++) await book.append('a', Buffer.from(`${'x'.repeat(99)}\n`));
  expect(await host.files.list('/var/log')).toEqual(['a.log', 'a.log.1']);
  expect((await host.files.stat('/var/log/a.log.1')).sizeBytes).toBe(200n);
});

test('a full disk costs lines on disk only, and is told once', async () => {
  const { host, clock, log, make } = open();
  await using book = make();
  await book.append('a', Buffer.from('one\n'));
  host.act({ do: 'fill-disk' });
  for (let i = 0; i < 10; i++) await book.append('a', Buffer.from('lost\n'));
  host.act({ do: 'free-disk' });
  await clock.advance(20_000);
  await book.append('a', Buffer.from('two\n'));
  expect(await text(book)).toBe(`one\n${'lost\n'.repeat(10)}two\n`);
  expect(await host.files.readText('/var/log/a.log')).toBe('one\ntwo\n');
  const told = log.lines.map(({ message }) => message);
  expect(told).toEqual(['log cannot be written to disk', 'log lines not written to disk']);
});
