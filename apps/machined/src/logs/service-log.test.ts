import { expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { LogRing } from './log-ring.ts';
import { ServiceLog } from './service-log.ts';

const never = (): AbortSignal => new AbortController().signal;

async function text(log: ServiceLog, tailLines: number): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of log.read({ tailLines, follow: false }, never())) parts.push(part);
  return Buffer.concat(parts).toString();
}

test('the last lines are found, an unfinished one counted', async () => {
  const log = new ServiceLog(1024);
  log.append(Buffer.from('one\ntwo\nthree\n'));
  expect(await text(log, 1)).toBe('three\n');
  expect(await text(log, 2)).toBe('two\nthree\n');
  expect(await text(log, 0)).toBe('');
  expect(await text(log, -1)).toBe('one\ntwo\nthree\n');
  log.append(Buffer.from('fo'));
  expect(await text(log, 2)).toBe('three\nfo');
});

test('what is forgotten is forgotten by whole lines, and no more is kept than allowed', () => {
  const ring = new LogRing(100);
  for (let i = 0; i < 1000; i++) {
    ring.append(Buffer.from(`line ${i}\n`));
    const kept = ring.read(ring.start, 1000).toString();
    expect(kept.length).toBeLessThanOrEqual(100);
    expect(kept).toMatch(/^(line \d+\n)+$/);
    expect(kept.endsWith(`line ${i}\n`)).toBe(true);
  }
});

test('the ring holds the same bytes as a plain buffer, whatever the sizes', () => {
  const ring = new LogRing(50_000);
  let all = '';
  for (let i = 0; i < 300; i++) {
    const piece = `${'x'.repeat((i * 37) % 900)}${i}\n`;
    all += piece;
    ring.append(Buffer.from(piece));
  }
  const kept = ring.read(ring.start, 100_000).toString();
  expect(all.endsWith(kept)).toBe(true);
  expect(kept.length).toBeGreaterThan(48_000);
});

test('a reader that is too slow is told how much it lost and goes on; one that keeps up gets everything', async () => {
  const log = new ServiceLog(1000);
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
  expect((await slow.next()).value?.toString()).toMatch(/^\n\[minos: \d+ bytes skipped, the reader was too slow\]\n$/);
  expect((await slow.next()).value?.toString().endsWith(' 49\n')).toBe(true);
  await eventually(() => expect(quick.join('')).toBe(written), { withinMs: 1000 });
  stop.abort();
  await reading;
});
