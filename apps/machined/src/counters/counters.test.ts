import { expect, test } from '@jest/globals';
import { MemorySpec } from '@minos/api/resource-specs';
import { parseMemInfo } from '../rpc/stats/mem-info.ts';
import { parseSystemStat } from '../rpc/stats/system-stat.ts';
import { cpuSpecOf, memorySpecOf } from './counters-controller.ts';

test('every field of the memory has a counter of the kernel', () => {
  const info = Object.fromEntries(Object.keys(parseMemInfo('')).map((name, i) => [name, BigInt(i + 1)]));
  const spec = memorySpecOf({ ...parseMemInfo(''), ...info });
  const empty = Object.entries(spec).filter(([name, value]) => name !== 'memUsed' && value === 0n);
  expect(empty).toEqual([]);
  expect(Object.keys(spec).sort()).toEqual(Object.keys(MemorySpec.fromPartial({})).sort());
});

test('what is used is what is not free', () => {
  expect(memorySpecOf(parseMemInfo('MemTotal: 100 kB\nMemFree: 30 kB\n')).memUsed).toBe(70n);
});

test('the processors keep their times and sums', () => {
  const stat = parseSystemStat('cpu  100 0 50 10 0 0 0 0 0 0\ncpu0 100 0 50 10 0 0 0 0 0 0\nctxt 7\nprocs_running 2\n', 100);
  expect(cpuSpecOf(stat)).toMatchObject({
    contextSwitches: 7n,
    processRunning: 2n,
    cpuTotal: { user: 1, system: 0.5, idle: 0.1 },
    cpu: [{ user: 1 }],
  });
});
