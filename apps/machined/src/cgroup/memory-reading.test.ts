import { expect, test } from '@jest/globals';
import { parseMemory } from './memory-reading.ts';

const EVENTS = 'low 0\nhigh 0\nmax 41\noom 2\noom_kill 3\noom_group_kill 1\n'.trim();

test('use, peak, limit, hits and kills are read', () => {
  expect(parseMemory({ current: '1000', peak: '2000', max: '3000', events: EVENTS })).toEqual({
    bytes: 1000,
    peakBytes: 2000,
    limitBytes: 3000,
    limitHits: 2,
    kills: 3,
  });
});

test('an older kernel tells no peak, and a group may have no limit', () => {
  expect(parseMemory({ current: '1000', peak: '', max: 'max', events: EVENTS })).toMatchObject({
    peakBytes: undefined,
    limitBytes: undefined,
  });
});

test('without a memory controller there is nothing to read', () => {
  expect(parseMemory({ current: '', peak: '', max: '', events: '' })).toBeUndefined();
});
