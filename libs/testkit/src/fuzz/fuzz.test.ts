import { expect, test } from '@jest/globals';
import { FuzzRandom } from './fuzz-random.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { fuzzInput, runFuzz } from './run-fuzz.ts';

const urlOf = (name: string): string => new URL(`./testing/${name}-target.ts`, import.meta.url).href;

test('the same seed gives the same numbers, another seed and another run do not', () => {
  const numbers = (seed: number, run: number): number[] => {
    const random = new FuzzRandom(seed, run);
    return Array.from({ length: 20 }, () => random.below(1000));
  };
  expect(numbers(1, 1)).toEqual(numbers(1, 1));
  expect(numbers(1, 2)).not.toEqual(numbers(1, 1));
  expect(numbers(2, 1)).not.toEqual(numbers(1, 1));
  const many = Array.from({ length: 5000 }, (_, run) => new FuzzRandom(7, run).below(10));
  for (let n = 0; n < 10; n++) expect(many.filter((m) => m === n).length).toBeGreaterThan(350);
});

test('changed bytes differ from the given ones, which stay as they are', () => {
  const original = Buffer.from('0123456789abcdef');
  const changed = Array.from({ length: 200 }, (_, run) => mutateBytes(original, new FuzzRandom(1, run)));
  expect(original.toString()).toBe('0123456789abcdef');
  expect(changed.filter((bytes) => !bytes.equals(original)).length).toBeGreaterThan(190);
});

test('a target that nothing upsets runs as often as it was asked to', async () => {
  expect(await runFuzz(urlOf('fine'), { maxRuns: 500, seconds: 60 })).toMatchObject({ runs: 500, failure: undefined });
});

test('a failure is told with the smallest input that does the same, and can be had again', async () => {
  const { failure } = await runFuzz(urlOf('failing'), { seed: 3, seconds: 60 });
  expect(failure?.message).toMatch(/^an xy was found/);
  expect(failure?.input).toBe('xy');
  const again = await runFuzz(urlOf('failing'), { seed: 3, firstRun: failure?.run ?? -1, maxRuns: 1 });
  expect(again.failure?.run).toBe(failure?.run);
  expect(await fuzzInput(urlOf('failing'), 3, failure?.run ?? -1)).toContain('xy');
});

test('a target that never ends is ended, and which input it was is told', async () => {
  const { failure } = await runFuzz(urlOf('hanging'), { seed: 3, seconds: 60, hangMs: 1500 });
  expect(failure?.message).toMatch(/^one input hangs: --seed 3 --run \d+/);
  expect(await fuzzInput(urlOf('hanging'), 3, failure?.run ?? -1)).toContain('x');
});

test('a target that keeps something of each input is told of', async () => {
  const { failure } = await runFuzz(urlOf('growing'), { maxRuns: 1500, seconds: 60, maxGrowthMib: 4 });
  expect(failure?.message).toMatch(/MiB more are in use after 1500 inputs/);
});
