import { expect, test } from '@jest/globals';
import { cpuWeight, limitFiles } from './cgroup-limits.ts';

const COMMON = { minMib: 1, lowMib: 2, cpuMillicores: 500 };

test('a group with a limit is killed as a whole, one without has none', () => {
  expect(limitFiles({ ...COMMON, maxMib: 3, hasSwap: false }, 2)).toEqual({
    'memory.min': '1048576',
    'memory.low': '2097152',
    'memory.max': '3145728',
    'memory.swap.max': '0',
    'memory.oom.group': '1',
    'cpu.weight': '20',
  });
  expect(limitFiles({ ...COMMON, maxMib: undefined, hasSwap: true }, 2)).toMatchObject({
    'memory.max': 'max',
    'memory.swap.max': 'max',
    'memory.oom.group': '0',
  });
});

test('a weight follows from thousandths of a processor, and never from more than the machine has', () => {
  expect([100, 500, 1000, 1500, 2000].map((millicores) => cpuWeight(millicores, 8))).toEqual([4, 20, 39, 59, 79]);
  expect(cpuWeight(2000, 1)).toBe(39);
  expect(cpuWeight(0, 1)).toBe(1);
});
