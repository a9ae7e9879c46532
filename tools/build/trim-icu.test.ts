import { expect, test } from '@jest/globals';
import { isWantedIcuItem, trimIcu } from './trim-icu.ts';

/** A program with a package of these things inside, eight bytes each. */
function program(names: readonly string[]): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt16LE(16, 0);
  head.writeUInt16LE(0x27da, 2);
  head.write('CmnD', 12);
  const texts = names.map((name) => Buffer.from(`${name}\0`));
  const tableBytes = 4 + names.length * 8;
  const table = Buffer.alloc(tableBytes);
  table.writeUInt32LE(names.length);
  const textBytes = texts.reduce((sum, text) => sum + text.length, 0);
  let at = tableBytes;
  for (const [i, text] of texts.entries()) {
    table.writeUInt32LE(at, 4 + i * 8);
    table.writeUInt32LE(tableBytes + textBytes + i * 8, 8 + i * 8);
    at += text.length;
  }
  return Buffer.concat([Buffer.from('ELF CmnD '), head, table, ...texts, ...names.map((_, i) => Buffer.alloc(8, i + 1))]);
}

test('what is not wanted leaves the table, its bytes become zeros, and nothing moves', () => {
  const bytes = program(['p/a', 'p/b', 'p/c']);
  const before = Buffer.from(bytes);
  expect(trimIcu(bytes, (path) => path !== 'b')).toBe(8);
  expect(bytes.length).toBe(before.length);
  const table = 9 + 16;
  expect(bytes.readUInt32LE(table)).toBe(2);
  expect(bytes.subarray(table + 4, table + 12)).toEqual(before.subarray(table + 4, table + 12));
  expect(bytes.subarray(table + 12, table + 20)).toEqual(before.subarray(table + 20, table + 28));
  expect(bytes.subarray(-24)).toEqual(Buffer.concat([Buffer.alloc(8, 1), Buffer.alloc(8), Buffer.alloc(8, 3)]));
});

test('a program without such data is refused', () => {
  expect(() => trimIcu(Buffer.from('ELF CmnD'), () => true)).toThrow('no ICU data');
});

test.each([
  ['en.res', true],
  ['root.res', true],
  ['coll/root.res', true],
  ['zoneinfo64.res', true],
  ['supplementalData.res', true],
  ['brkitr/word.brk', true],
  ['de.res', false],
  ['lang/zh_Hant_TW.res', false],
  ['zone/en_GB.res', false],
  ['ibm-949_P11A-1999.cnv', false],
  ['brkitr/thaidict.dict', false],
  ['translit/root.res', false],
])('%s is wanted: %s', (path, isWanted) => {
  expect(isWantedIcuItem(path)).toBe(isWanted);
});
