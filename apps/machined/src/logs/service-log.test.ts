import { expect, test } from '@jest/globals';
import { eventually, VirtualClock } from '@minos/testkit';
import { FollowerPace } from './follower-pace.ts';
import { LogRing } from './log-ring.ts';
import { ServiceLog } from './service-log.ts';

const never = (): AbortSignal => new AbortController().signal;
const open = (limitBytes: number): ServiceLog => {
  const clock = new VirtualClock();
  return new ServiceLog({ limitBytes, nowMs: () => clock.now(), pace: new FollowerPace(clock, never()) });
};

async function text(log: ServiceLog, tailLines: number): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of log.read({ tailLines, follow: false }, never())) parts.push(part);
  return Buffer.concat(parts).toString();
}

test('the last lines are found, an unfinished one counted', async () => {
  const log = open(1024);
  log.append(Buffer.from('one\ntwo\nthree\n'));
  expect(await text(log, 1)).toBe('three\n');
  expect(await text(log, 2)).toBe('two\nthree\n');
  expect(await text(log, 0)).toBe('');
  expect(await text(log, -1)).toBe('one\ntwo\nthree\n');
  log.append(Buffer.from('fo'));
  expect(await text(log, 2)).toBe('three\nfo');
});

function kept(ring: LogRing): string {
  const parts: Buffer[] = [];
  for (let at = ring.start; at < ring.end; ) {
    const part = ring.read(at, 1000);
    parts.push(part);
    at += part.length;
  }
  return Buffer.concat(parts).toString();
}

test('what is forgotten is forgotten by whole lines, and no more is kept than allowed', () => {
  const ring = new LogRing(300);
  for (let i = 0; i < 1000; i++) {
    ring.append(Buffer.from(`line ${i}\n`));
    const text = kept(ring);
    expect(text.length).toBeLessThanOrEqual(300);
    expect(text).toMatch(/^(line \d+\n)+$/);
    expect(text.endsWith(`line ${i}\n`)).toBe(true);
    expect(ring.linesBefore).toBe(i + 1 - text.split('\n').length + 1);
    expect(ring.linesAt(ring.end)).toBe(i + 1);
  }
  expect(kept(ring).length).toBeGreaterThan(250);
});

test('the ring holds the same bytes as a plain buffer, whatever the sizes, in less memory', () => {
  const ring = new LogRing(100_000);
  let all = '';
  for (let i = 0; i < 400; i++) {
    const piece = `${'a line that repeats itself '.repeat((i * 37) % 40)}${i}\n`;
    all += piece;
    ring.append(Buffer.from(piece));
  }
  const text = kept(ring);
  expect(all.endsWith(text)).toBe(true);
  expect(text.length).toBeGreaterThan(90_000);
  ring.pack();
  expect(ring.keptBytes).toBeLessThan(30_000);
  expect(kept(ring)).toBe(text);
});

test('each position and each number of lines is found in blocks as in a plain text', () => {
  const ring = new LogRing(1_000_000);
  const lines = Array.from({ length: 3000 }, (_, i) => `${i} ${'x'.repeat((i * 31) % 97)}`);
  const all = `${lines.join('\n')}\nunfinished`;
  for (let at = 0; at < all.length; at += 1234) ring.append(Buffer.from(all.slice(at, at + 1234)));
  for (const count of [1, 2, 10, 999, 2500, 3001]) {
    const expected = all.split('\n').slice(-count).join('\n');
    expect(ring.end - ring.tailPosition(count)).toBe(expected.length);
  }
  for (const at of [0, 1, 5000, 62_500, 62_501, all.length])
    expect(ring.linesAt(at)).toBe(all.slice(0, at).split('\n').length - 1);
});

test('a line that is longer than a block is kept, and what is cut is forgotten whole', () => {
  const ring = new LogRing(1600);
  ring.append(Buffer.from(`${'a'.repeat(5000)}\n`));
  expect(kept(ring).length).toBeLessThanOrEqual(1600);
  ring.append(Buffer.from('short\n'.repeat(100)));
  expect(kept(ring)).toMatch(/^(short\n)+$/);
});

test('a reader that is too slow is told how much it lost and goes on; one that keeps up gets everything', async () => {
  const log = open(1000);
  const stop = new AbortController();
  const slow = log.read({ tailLines: -1, follow: true }, stop.signal);
  const quick: string[] = [];
  const reading = (async () => {
    for await (const bytes of log.read({ tailLines: -1, follow: true }, stop.signal)) quick.push(bytes.toString());
  })();
  log.append(Buffer.from('first line\n'));
  expect((await slow.next()).value?.toString()).toBe('first line\n');
  let written = 'first line\n';
  for (let i = 0; i < 50; i++) {
    const line = `${'y'.repeat(90)} ${i}\n`;
    written += line;
    log.append(Buffer.from(line));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const marker = (await slow.next()).value?.toString() ?? '';
  const [, bytes, lines] = /^\n\[minos: (\d+) bytes in (\d+) lines skipped, the reader was too slow\]\n$/.exec(marker) ?? [];
  let rest = '';
  while (!rest.endsWith(' 49\n')) rest += (await slow.next()).value?.toString() ?? '';
  expect(`first line\n${written.slice(11 + Number(bytes))}`).toBe(`first line\n${rest}`);
  expect(Number(lines)).toBe(51 - rest.split('\n').length);
  await eventually(() => expect(quick.join('')).toBe(written), { withinMs: 1000 });
  stop.abort();
  await reading;
});

test('of a log only what came since a time is read, to the second', async () => {
  const clock = new VirtualClock();
  const log = new ServiceLog({
    limitBytes: 100_000,
    nowMs: () => clock.now(),
    pace: new FollowerPace(clock, never()),
  });
  const begin = clock.now();
  const old = [-7200, -3600].map((s) =>
    JSON.stringify({ level: 'info', time: new Date(begin + s * 1000).toISOString(), msg: s }),
  );
  log.load(Buffer.from(`${old.join('\n')}\n`));
  for (let i = 0; i < 10; i++) {
    log.append(Buffer.from(`line ${i}\n`));
    await clock.advance(10_000);
  }
  const since = async (sinceMs: number): Promise<string> => {
    const parts: Buffer[] = [];
    for await (const part of log.read({ tailLines: -1, follow: false, sinceMs }, never())) parts.push(part);
    return Buffer.concat(parts).toString();
  };
  expect(await since(begin + 75_000)).toBe('line 8\nline 9\n');
  expect(await since(begin + 90_000)).toBe('line 9\n');
  expect(await since(begin + 95_000)).toBe('');
  expect((await since(begin - 3_700_000)).split('\n')[0]).toBe(old[1]);
  expect((await since(0)).split('\n')[0]).toBe(old[0]);
});

test('while much comes in readers get so much in a time, and nobody waits for ever', async () => {
  const clock = new VirtualClock();
  const pace = new FollowerPace(clock, never());
  let given = 0;
  const readers = (): Promise<unknown> =>
    Promise.all(
      Array.from({ length: 100 }, async () => {
        await pace.turn(32 * 1024);
        given += 1;
      }),
    );
  pace.intake(100);
  await readers();
  expect(given).toBe(100);
  await clock.advance(1000);
  pace.intake(64 * 1024);
  given = 0;
  const all = readers();
  const perTurn: number[] = [];
  while (given < 100) {
    const before = given;
    pace.intake(64 * 1024);
    await clock.advance(5);
    perTurn.push(given - before);
  }
  await all;
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(8);
  given = 0;
  const last = readers();
  await clock.advance(1000);
  await last;
});
