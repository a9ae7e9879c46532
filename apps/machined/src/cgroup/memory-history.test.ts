import { expect, test } from '@jest/globals';
import { historyText, MemoryHistory, mibText } from './memory-history.ts';

const MIB = 2 ** 20;

test('only the last ten minutes are kept', () => {
  const history = new MemoryHistory();
  for (let i = 0; i < 100; i++) history.take({ atMs: i * 10_000, bytes: i * MIB });
  expect(history.samples).toHaveLength(60);
  expect(history.samples[0]?.bytes).toBe(40 * MIB);
  expect(history.last?.bytes).toBe(99 * MIB);
});

test('what stays the same is said once', () => {
  const samples = [61.2, 60.9, 61, 64, 120, 61].map((mib, i) => ({ atMs: i, bytes: mib * MIB }));
  expect(historyText(samples)).toBe('61 ×3, 64, 120, 61');
  expect(historyText([])).toBe('');
});

test('MiB have a digit where it says something', () => {
  expect([mibText(128 * MIB), mibText(127.94 * MIB)]).toEqual(['128 MiB', '127.9 MiB']);
});
