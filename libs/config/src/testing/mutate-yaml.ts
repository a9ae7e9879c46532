import type { FuzzRandom } from '@minos/testkit';

/** Values that parsers get wrong. */
const VALUES = [
  ...[
    '',
    '~',
    'null',
    'true',
    'no',
    '0',
    '-0',
    '1e999',
    '-.inf',
    '.nan',
    '0x10',
    '0o17',
    '007',
    '1_000',
    '1:30:00',
    '2001-01-01',
  ],
  ...['99999999999999999999', '-1', '1.5', '"\\u0000"', '"\\ud800"', "'it''s'", '"\\x41"', '[]', '{}', '[~]', '{a: [1, {b: c}]}'],
  ...[
    '&a x',
    '*a',
    '&b [*b]',
    '<<',
    '!!binary aGk=',
    '!!set {a, b}',
    '!!int "1"',
    '!x y',
    '!!str 1',
    '? x',
    '- - - x',
    '|',
    '>-',
    '|+2',
  ],
  ...['"a\\nb"', 'a: b: c', '# c', '@x', '`x', '%x', '\t', '\u{feff}', '\u2028', '😀', 'x'.repeat(300), '$patch', 'delete'],
];
const KEYS = [
  ...[
    '__proto__',
    'constructor',
    'toString',
    '<<',
    '""',
    '? [a, b]\n',
    '!!null',
    '1',
    'true',
    'kind',
    'apiVersion',
    'name',
    'machine',
  ],
  ...['cluster', 'network', 'type', 'key', '$patch', 'hasOwnProperty', '"a.b"', '"a[0]"', '{a: b}', '*a', '- x', '. . .'],
];
const LINES = [
  ...[
    '---',
    '...',
    '%YAML 1.1',
    '%YAML 9.9',
    '%TAG ! tag:x,2000:',
    '--- &r !!map',
    '- x',
    '<<: *a',
    '? a',
    ': b',
    '\ta: b',
    '}',
    ']',
    '"',
    "'",
  ],
  ...[
    'kind: LinkConfig',
    'apiVersion: v1alpha1',
    'machine: {}',
    '$patch: delete',
    '&a a: *a',
    `${'['.repeat(200)}`,
    `${'{a: '.repeat(70)}`,
  ],
];

type Mutation = (lines: string[], at: number, random: FuzzRandom) => void;

const MUTATIONS: readonly Mutation[] = [
  (lines, at) => void lines.splice(at, 1),
  (lines, at) => void lines.splice(at, 0, lines[at] ?? ''),
  (lines, at, random) => void lines.splice(random.below(lines.length + 1), 0, ...lines.slice(at, at + 1 + random.below(6))),
  (lines, at, random) => void lines.splice(at, 0, ' '.repeat(random.below(9)) + random.pick(LINES)),
  (lines, at, random) => edit(lines, at, (line) => ' '.repeat(random.below(5)) + line),
  (lines, at, random) => edit(lines, at, (line) => line.slice(Math.min(random.below(5), line.length - line.trimStart().length))),
  (lines, at, random) => edit(lines, at, (line) => line.replace(/(:\s|-\s)\s*\S.*$/, (_, lead) => lead + random.pick(VALUES))),
  (lines, at, random) => edit(lines, at, (line) => `${line.trimEnd()} ${random.pick(VALUES)}`),
  (lines, at, random) => edit(lines, at, (line) => line.replace(/[^\s:-]+(?=:)/, () => random.pick(KEYS))),
  (lines, at, random) => edit(lines, at, (line) => splice(line, random.below(line.length + 1), random.pick(VALUES))),
  (lines, at, random) => edit(lines, at, (line) => line.slice(0, random.below(line.length + 1))),
  (lines, at, random) =>
    edit(lines, at, (line) => line + random.pick(['\r', '\0', '\x85', '\u2029', ' #', ':', ' &', ' *', '\\'])),
];

function edit(lines: string[], at: number, change: (line: string) => string): void {
  lines[at] = change(lines[at] ?? '');
}

function splice(line: string, at: number, text: string): string {
  return line.slice(0, at) + text + line.slice(at);
}

/** A YAML text with a few lines, keys, values and indentations changed; the given one stays as it is. */
export function mutateYaml(text: string, random: FuzzRandom): string {
  const lines = text.split('\n');
  for (let left = 1 + random.below(5); left > 0 && lines.length > 0; left--) {
    random.pick(MUTATIONS)(lines, random.below(lines.length), random);
  }
  return lines.join(random.oneIn(20) ? '\r\n' : '\n');
}
