import { expect, test } from '@jest/globals';
import { countCores, missingControllers, totalMib } from './limit-services.ts';

test('controllers that the kernel does not hand out are named', () => {
  expect(missingControllers('cpuset cpu io memory hugetlb pids')).toEqual([]);
  expect(missingControllers('hugetlb cpu')).toEqual(['memory', 'pids']);
  expect(missingControllers('')).toEqual(['memory', 'pids', 'cpu']);
});

test('processors are counted', () => {
  expect([countCores('0'), countCores('0-3'), countCores('0-1,4,6-7'), countCores('')]).toEqual([1, 4, 5, 1]);
});

test('the memory of the machine is read', () => {
  expect(totalMib('MemTotal:         230400 kB\nMemFree: 1 kB')).toBe(225);
  expect(totalMib('')).toBe(Number.MAX_SAFE_INTEGER);
});
