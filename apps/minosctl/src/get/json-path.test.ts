import { expect, test } from '@jest/globals';
import { columnText } from './json-path.ts';

const spec = { a: { b: 'text', list: ['x', 'y'], deep: [{ n: 1 }, { n: 2 }] }, flag: false, none: null };

test.each([
  ['{.a.b}', 'text'],
  ['{.a.list}', '["x","y"]'],
  ['{.a.list[0]}', 'x'],
  ['{.a.list[-1]}', 'y'],
  ['{.a.list[:]}', 'x y'],
  ['{.a.deep[*].n}', '1 2'],
  ['{.flag}', 'false'],
  ['{.none}', ''],
  ['{.missing.more}', ''],
  ['{.a.b.c}', ''],
  ['{.constructor}', ''],
  ['{.}', JSON.stringify(spec)],
  ["{.a['b']}", 'text'],
])('%s is %s', (path, cell) => {
  expect(columnText(spec, path)).toBe(cell);
});

test('an expression that is none is refused', () => {
  expect(() => columnText(spec, '{.a[?(@.x)]}')).toThrow('cannot be read');
});
