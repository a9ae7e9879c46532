import { expect, test } from '@jest/globals';
import { eventually, VirtualClock } from '@minos/testkit';
import { trimming, trimStep, trimWhenIdle } from './memory-trim.ts';

const MIB = 1024 * 1024;

test('memory is collected once at first, trimmed after growth, collected again rarely, and never while busy', () => {
  const idle = {
    cpuShare: 0,
    residentBytes: 61 * MIB,
    afterTrimBytes: 58 * MIB,
    afterCollectBytes: 58 * MIB,
    sinceCollectMs: 1000,
  };
  expect(trimStep({ ...idle, afterTrimBytes: undefined })).toBe('collect-and-trim');
  expect(trimStep(idle)).toBe('trim');
  expect(trimStep({ ...idle, residentBytes: 59 * MIB })).toBe('nothing');
  expect(trimStep({ ...idle, residentBytes: 90 * MIB })).toBe('trim');
  expect(trimStep({ ...idle, residentBytes: 90 * MIB, sinceCollectMs: 61_000 })).toBe('collect-and-trim');
  expect(trimStep({ ...idle, residentBytes: 62 * MIB, afterTrimBytes: 62 * MIB, sinceCollectMs: 61_000 })).toBe(
    'collect-and-trim',
  );
  expect(trimStep({ ...idle, afterTrimBytes: undefined, cpuShare: 0.5 })).toBe('nothing');
});

test('released, it trims no more', async () => {
  const clock = new VirtualClock();
  let trims = 0;
  const kept = trimming({
    clock,
    trimMemory: () => {
      trims += 1;
    },
  });
  await kept[Symbol.asyncDispose]();
  await clock.advance(60_000);
  expect(trims).toBe(0);
});

test('the first trim comes some seconds after the start, and an abort ends the watch', async () => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  let trims = 0;
  const watching = trimWhenIdle(
    {
      clock,
      trimMemory: () => {
        trims += 1;
      },
    },
    stop.signal,
  );
  await clock.advance(2900);
  expect(trims).toBe(0);
  await eventually(
    async () => {
      await clock.advance(10_000);
      expect(trims).toBeGreaterThan(0);
    },
    { withinMs: 5000, everyMs: 50 },
  );
  stop.abort();
  await watching;
});
