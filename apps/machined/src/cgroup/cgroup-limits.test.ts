import { expect, test } from '@jest/globals';
import { cpuWeight, limitFiles } from './cgroup-limits.ts';

const LARGE = { cores: 2, memoryMib: 4096 };
const COMMON = { minMib: 1, lowMib: 2, cpuMillicores: 500 };

test('a group with a limit is killed as a whole, one without has none', () => {
  expect(limitFiles({ ...COMMON, maxMib: 3, hasSwap: false }, LARGE)).toEqual({
    'memory.min': '1048576',
    'memory.low': '2097152',
    'memory.max': '3145728',
    'memory.swap.max': '0',
    'memory.oom.group': '1',
    'cpu.weight': '20',
  });
  expect(limitFiles({ ...COMMON, maxMib: undefined, hasSwap: true }, LARGE)).toMatchObject({
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

test('a machine with little memory promises less, and lets nobody reach its end', () => {
  const limits = { minMib: 96, lowMib: 192, maxMib: 128, cpuMillicores: 500, hasSwap: false };
  const mib = (value: string | undefined): number => Number(value) / 2 ** 20;
  const small = limitFiles(limits, { cores: 1, memoryMib: 224 });
  expect(['memory.min', 'memory.low', 'memory.max'].map((name) => mib(small[name]))).toEqual([28, 56, 84]);
  const usual = limitFiles(limits, { cores: 1, memoryMib: 768 });
  expect(['memory.min', 'memory.low', 'memory.max'].map((name) => mib(usual[name]))).toEqual([96, 192, 128]);
});
