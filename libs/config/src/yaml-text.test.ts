import { expect, test } from '@jest/globals';
import { parseYamlDocument, toYamlText, type YamlValue } from './index.ts';

test('text comes out with four blanks, indented dashes, and block scalars', () => {
  const value = { a: [1, { b: 'x', c: ['y'] }], d: {}, e: [], f: 'one\ntwo\n', g: null, h: 12345678901234567890n, i: true };
  expect(toYamlText(value)).toBe(`a:
    - 1
    - b: x
      c:
        - "y"
d: {}
e: []
f: |
    one
    two
g: null
h: 12345678901234567890
i: true
`);
});

test('text that another reader could take for something else is quoted', () => {
  for (const text of [
    'yes',
    'off',
    '1',
    '0x10',
    '1e3',
    '12:30:00',
    'null',
    '~',
    '',
    ' x',
    '#',
    '- a',
    'a: b',
    '1_000',
    '0o7',
    '.inf',
  ]) {
    const out = toYamlText({ k: text });
    expect(out).toMatch(/^k: ["']/);
    expect(parseYamlDocument(out)).toEqual({ ok: true, value: { k: text } });
  }
});

test('random texts and shapes read back the same', () => {
  const letters = [
    'a',
    ' ',
    '\n',
    ':',
    '#',
    '-',
    '"',
    "'",
    '\\',
    '1',
    '.',
    '\t',
    'é',
    '\u2028',
    '\u0007',
    '{',
    ']',
    ',',
    '%',
    '🙂',
    '\r',
    '~',
    '_',
  ];
  let seed = 5;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
  const text = (): string => Array.from({ length: random(7) }, () => letters[random(letters.length)]).join('');
  const value = (depth: number): YamlValue => {
    const kind = random(depth > 3 ? 3 : 6);
    if (kind === 3) return Array.from({ length: random(4) }, () => value(depth + 1));
    if (kind === 4 || kind === 5) return Object.fromEntries(Array.from({ length: random(4) }, () => [text(), value(depth + 1)]));
    return kind === 0 ? random(1000) : text();
  };
  for (let i = 0; i < 3000; i++) {
    const wanted = value(0);
    const out = toYamlText(wanted);
    const read = parseYamlDocument(out);
    if (JSON.stringify(read) !== JSON.stringify({ ok: true, value: wanted }))
      throw new TypeError(`${JSON.stringify(wanted)} became\n${out}`);
  }
});

test('long lines stay whole and the same value twice is written twice', () => {
  const twice = { a: 'x'.repeat(300) };
  expect(toYamlText({ one: twice, two: twice })).toBe(`one:\n    a: ${twice.a}\ntwo:\n    a: ${twice.a}\n`);
});

test('what is written reads back the same', () => {
  const pick = [
    'a',
    'true',
    '1.5',
    'x\ny',
    '\ttab',
    'ü',
    '🙂',
    ': ',
    "'",
    '"',
    '\\',
    '%a',
    '@',
    '`',
    '{',
    '*a',
    '&b',
    '!c',
    '|',
    '>',
    '-',
    '?',
  ];
  for (let i = 0; i < pick.length; i++) {
    const value: YamlValue = { [pick[i] ?? '']: [pick[(i * 7) % pick.length] ?? '', { z: pick[(i * 5) % pick.length] ?? '' }] };
    expect(parseYamlDocument(toYamlText(value))).toEqual({ ok: true, value });
  }
});

test('what is no YAML is a problem with its place and without its text', () => {
  const result = parseYamlDocument('a: 1\nb: [secret\n');
  expect(result.ok || result.problems[0]?.found).toMatch(/at line \d+:\d+$/);
  expect(JSON.stringify(result)).not.toContain('secret');
});
