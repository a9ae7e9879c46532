import { expect, test } from '@jest/globals';
import { modeText } from './file-mode.ts';
import { plainValue } from './plain-value.ts';
import { agoText, bytesText } from './quantity.ts';
import { tableText } from './table.ts';

test('columns are as wide as their widest cell, and nothing stands behind the last', () => {
  expect(
    tableText(
      ['NODE', 'ID', 'NOTE'],
      [
        ['10.5.0.2', 'a', ''],
        ['x', 'longer', 'note'],
      ],
    ),
  ).toBe('NODE       ID       NOTE\n10.5.0.2   a\nx          longer   note\n');
  expect(tableText(['NODE'], [])).toBe('NODE\n');
});

test('a cell is one line and moves no cursor', () => {
  expect(tableText(['A', 'B'], [['x\ny\tz', '\x1b[31mred']])).toBe('A       B\nx y z   \\x1b[31mred\n');
});

test('messages become plain data', () => {
  expect(
    plainValue({
      big: 5n,
      huge: 2n ** 60n,
      bytes: Buffer.from('hi'),
      at: { seconds: 0n, nanos: 5 },
      none: undefined,
      list: [{ a: 1 }],
    }),
  ).toEqual({ big: 5, huge: '1152921504606846976', bytes: 'aGk=', at: '1970-01-01T00:00:00Z', list: [{ a: 1 }] });
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [50_000_000, '50 MB'],
  [9_960_000, '10 MB'],
  [1.5e9, '1.5 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

test.each([
  [500, '0s'],
  [51_000, '51s'],
  [125_000, '2m5s'],
  [3_660_000, '1h1m'],
  [3_600_000, '1h'],
  [356_400_000, '4d3h'],
  [-5, '0s'],
])('%d ms ago is %s', (ms, text) => {
  expect(agoText(ms)).toBe(text);
});

test.each([
  [0o644, '-rw-r--r--'],
  [2 ** 31 + 2 ** 20 + 0o777, 'drwxrwxrwt'],
  [2 ** 23 + 0o4755 - 0o4000, '-rwsr-xr-x'],
  [2 ** 22 + 0o644, '-rw-r-Sr--'],
  [2 ** 26 + 2 ** 21 + 0o600, 'crw-------'],
  [2 ** 26 + 0o660, 'brw-rw----'],
])('mode %d is %s', (mode, text) => {
  expect(modeText(mode)).toBe(text);
});
