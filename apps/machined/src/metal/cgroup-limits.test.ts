import { expect, test } from '@jest/globals';
import { limitFiles } from './cgroup-limits.ts';

test('a group with a limit is killed as a whole, one without has none', () => {
  const common = { minMib: 1, lowMib: 2, cpuWeight: 10 };
  expect(limitFiles({ ...common, maxMib: 3, hasSwap: false })).toEqual({
    'memory.min': '1048576',
    'memory.low': '2097152',
    'memory.max': '3145728',
    'memory.swap.max': '0',
    'memory.oom.group': '1',
    'cpu.weight': '10',
  });
  expect(limitFiles({ ...common, maxMib: undefined, hasSwap: true })).toMatchObject({
    'memory.max': 'max',
    'memory.swap.max': 'max',
    'memory.oom.group': '0',
  });
});
