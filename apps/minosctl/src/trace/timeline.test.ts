import { expect, test } from '@jest/globals';
import { type HopTimes, parseHopTimes } from './hop-times.ts';
import { timelineText } from './timeline.ts';

const CONNECTION = { endpoint: '10.5.0.2:50000', startedMs: 0, tcpMs: 1, readyMs: 8 };

function hops(...texts: readonly string[]): HopTimes[] {
  return texts.map((text) => parseHopTimes(text)).filter((hop) => hop !== undefined);
}

test('what each hop measured is put into the middle of the hop around it, in order', () => {
  const told = hops(
    'at=10.5.0.3 to=machined pool=hit sent=0.10 first=0.90 last=1.00',
    'to=10.5.0.3 pool=miss tcp=1.00 tls=5.00 http2=0.50 sent=7.00 first=9.50 last=10.00',
  );
  const call = { node: '10.5.0.3', method: 'Version', sentMs: 10, firstMs: 20, lastMs: 22, error: undefined, hops: told };
  const rows = timelineText(CONNECTION, [call]).trimEnd().split('\n');
  expect(rows.map((row) => row.split(/ {3,}/).slice(-3).join(' | ').trim())).toEqual([
    'NODE | HOP | WHAT',
    '0.0 | you → 10.5.0.2:50000 | connect',
    '1.0 | you → 10.5.0.2:50000 | TCP connected',
    '8.0 | you → 10.5.0.2:50000 | TLS and HTTP/2 ready',
    '10.5.0.3 | you → endpoint | Version',
    '10.5.0.3 | endpoint → 10.5.0.3 | passed on, by a new connection (ms: TCP 1.0, TLS 5.0, HTTP/2 0.5)',
    '10.5.0.3 | 10.5.0.3 → machined | passed on, by a connection of the pool',
    '10.5.0.3 | 10.5.0.3 → machined | first byte',
    '10.5.0.3 | 10.5.0.3 → machined | last byte',
    '10.5.0.3 | you → endpoint | first byte',
    '10.5.0.3 | endpoint → 10.5.0.3 | first byte',
    '10.5.0.3 | endpoint → 10.5.0.3 | last byte',
    '10.5.0.3 | you → endpoint | last byte',
  ]);
  const times = rows.slice(1).map((row) => Number(row.trim().split(' ')[0]));
  expect(times).toEqual([0, 1, 8, 10, 18, 19.1, 19.9, 20, 20, 20.5, 21, 22]);
});

test('a call that failed, and an endpoint that says nothing, are told as that', () => {
  const call = { node: '10.5.0.3', method: 'Version', sentMs: 1, firstMs: undefined, lastMs: 4, error: 'no route', hops: [] };
  const text = timelineText({ ...CONNECTION, tcpMs: undefined, readyMs: undefined }, [call]);
  expect(text).toMatch(/4\.0 +10\.5\.0\.3 +you → endpoint +failed: no route; the endpoint says nothing of its part\n$/);
});

test.each(['', 'x', 'to=a', 'last=1', 'to=a last=x', 'more=3'])('"%s" is no report of a hop', (text) => {
  expect(parseHopTimes(text)).toBeUndefined();
});
