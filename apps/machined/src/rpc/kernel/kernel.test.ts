import { expect, test } from '@jest/globals';
import { silentLogger } from '@minos/base';
import { parseFixture, simulatedHost } from '@minos/host/simulated';
import type { CallContext } from '@minos/rpc';
import { kernelHandlers } from './kernel-handlers.ts';
import { kernelLine } from './kernel-line.ts';

const BOOT = Date.UTC(2026, 0, 2, 3, 4, 5);

function contextOf(signal: AbortSignal): CallContext {
  return { method: '', metadata: { all: () => [], first: () => undefined }, signal, peer: '', roles: new Set() };
}

test('a record is one line with facility, severity and time in UTC', () => {
  const record = { sequence: 1n, facility: 0, severity: 6, sinceBootUs: 1_250_000n, message: 'eth0: link up' };
  expect(kernelLine(record, BOOT)).toBe('kern:    info: [2026-01-02T03:04:06.25Z]: eth0: link up\n');
  expect(kernelLine({ ...record, facility: 3, severity: 4, sinceBootUs: 0n }, BOOT)).toBe(
    'daemon: warning: [2026-01-02T03:04:05Z]: eth0: link up\n',
  );
  expect(kernelLine({ ...record, facility: 17, severity: 0, sinceBootUs: 1n }, BOOT)).toMatch(
    /^local1: {3}emerg: \[2026-01-02T03:04:05\.000001Z\]: /,
  );
});

test('dmesg tells what is there and ends; with follow and tail only what comes', async () => {
  const fixture = parseFixture({ kernelLog: [{ message: 'first' }, { message: 'second' }] });
  if (!fixture.ok) throw new Error('fixture');
  await using host = simulatedHost(fixture.value);
  const { Dmesg } = kernelHandlers({ host, log: silentLogger });
  const stop = new AbortController();
  const all: string[] = [];
  for await (const { bytes } of Dmesg({ follow: false, tail: false }, contextOf(stop.signal))) all.push(bytes.toString());
  expect(all.map((line) => line.slice(line.indexOf(']: ') + 3))).toEqual(['first\n', 'second\n']);
  const followed: string[] = [];
  const following = (async () => {
    for await (const { bytes } of Dmesg({ follow: true, tail: true }, contextOf(stop.signal))) {
      followed.push(bytes.toString());
      stop.abort();
    }
  })();
  await new Promise((resolve) => setImmediate(resolve));
  host.act({ do: 'log-kernel', severity: 3, message: 'third' });
  await following;
  expect(followed).toEqual([expect.stringMatching(/^kern: {5}err: \[.*Z\]: third\n$/)]);
});
