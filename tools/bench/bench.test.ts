import { expect, test } from '@jest/globals';
import { median } from './measurement.ts';
import { parseRollup, programOf } from './node-memory.ts';
import { isKept, reportText } from './report.ts';

test('the median of several runs is not moved by one disturbance', async () => {
  const values = [5, 900, 4, 6, 5];
  expect(await median(5, async () => values.shift() ?? Number.NaN)).toBe(5);
});

test('private memory is what no other process shares', () => {
  const text = 'Rss:  60000 kB\nPss:  21000 kB\nShared_Clean: 100 kB\nPrivate_Clean: 1000 kB\nPrivate_Dirty:  15000 kB\n';
  expect(parseRollup(text)).toEqual({ privateKib: 16_000, pssKib: 21_000 });
});

test('a daemon is recognised by what its command line runs', () => {
  expect(programOf('/sbin/apid\0--log-level\0debug\0')).toBe('apid');
  expect(programOf('vi\0/sbin/apid\0')).toBeUndefined();
});

test('the report names the machine, the commit and every broken promise', () => {
  const machine = {
    ...{ cpu: 'A CPU', cores: 2, memoryGib: 24, kernel: '6.1', node: 'v26.10.0' },
    ...{ commit: 'abc', hasLocalChanges: true, time: '2026-01-01T00:00:00Z' },
  };
  const broken = { name: 'up', value: 12, unit: 's', atMost: 10 };
  const text = reportText({ machine, figures: [broken, { name: 'size', value: 3, unit: 'KiB' }] });
  expect(isKept(broken)).toBe(false);
  expect(text).toContain('commit abc with local changes');
  expect(text).toMatch(/up +12 s +✗ > 10/);
});
