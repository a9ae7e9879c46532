import { expect, test } from '@jest/globals';
import { countCores, missingControllers } from './limit-services.ts';

test('controllers that the kernel does not hand out are named', () => {
  expect(missingControllers('cpuset cpu io memory hugetlb pids')).toEqual([]);
  expect(missingControllers('hugetlb cpu')).toEqual(['memory', 'pids']);
  expect(missingControllers('')).toEqual(['memory', 'pids', 'cpu']);
});

test('processors are counted', () => {
  expect([countCores('0'), countCores('0-3'), countCores('0-1,4,6-7'), countCores('')]).toEqual([1, 4, 5, 1]);
});
