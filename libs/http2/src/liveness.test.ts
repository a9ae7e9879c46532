import { expect, test } from '@jest/globals';
import { Liveness } from './liveness.ts';

const limits = { keepaliveIdleMs: 10_000, keepaliveTimeoutMs: 5000 };
const open = { hasStreams: true, pending: 0 };

test('a silent peer with open streams is pinged after 10 s, and dead 5 s later', () => {
  const liveness = new Liveness(limits, 0);
  expect(liveness.check({ nowMs: 9999, ...open })).toBe('nothing');
  expect(liveness.check({ nowMs: 10_000, ...open })).toBe('ping');
  expect(liveness.check({ nowMs: 14_999, ...open })).toBe('nothing');
  expect(liveness.check({ nowMs: 15_000, ...open })).toBe('dead');
});

test('anything heard after the ping is an answer', () => {
  const liveness = new Liveness(limits, 0);
  expect(liveness.check({ nowMs: 10_000, ...open })).toBe('ping');
  liveness.heard(12_000);
  expect(liveness.check({ nowMs: 21_000, ...open })).toBe('nothing');
  expect(liveness.check({ nowMs: 22_000, ...open })).toBe('ping');
});

test('a connection without streams may be silent for ever, and its silence does not count later', () => {
  const liveness = new Liveness(limits, 0);
  expect(liveness.check({ nowMs: 1e6, hasStreams: false, pending: 0 })).toBe('nothing');
  expect(liveness.check({ nowMs: 1e6 + 5000, ...open })).toBe('nothing');
});

test('a peer that slowly takes what waits for it lives, one that takes nothing does not', () => {
  const liveness = new Liveness(limits, 0);
  for (let step = 1; step <= 30; step++) {
    expect(liveness.check({ nowMs: step * 1000, hasStreams: true, pending: 1_000_000 - step * 1000 })).toBe('nothing');
  }
  const pending = 970_000;
  expect(liveness.check({ nowMs: 40_000, hasStreams: true, pending })).toBe('ping');
  expect(liveness.check({ nowMs: 45_000, hasStreams: true, pending })).toBe('dead');
});
