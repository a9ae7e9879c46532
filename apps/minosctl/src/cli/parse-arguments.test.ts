import { expect, test } from '@jest/globals';
import { COMMAND_TABLE } from '../command-table/command-table.ts';
import { helpText } from './help.ts';
import { type Invocation, parseArguments } from './parse-arguments.ts';

const { commands, groups } = COMMAND_TABLE;
const parse = (line: string): Invocation =>
  parseArguments(
    commands,
    line.split(' ').filter((word) => word !== ''),
  );

test('global options stand before or after the command', () => {
  for (const line of ['-n 1.1.1.1,2.2.2.2 version', 'version --nodes=1.1.1.1 -n 2.2.2.2', '-n1.1.1.1 version -n=2.2.2.2']) {
    const read = parse(line);
    expect(read).toMatchObject({ kind: 'run', globals: { nodes: ['1.1.1.1', '2.2.2.2'], output: 'table', endpoints: [] } });
  }
});

test('short flags may stand together, and the last may take a value', () => {
  expect(parse('ls -lrd 3 /etc')).toMatchObject({ options: { long: true, recurse: true, depth: 3 }, words: ['/etc'] });
});

test('every option has a value, and a flag that is on can be put off', () => {
  expect(parse('reboot')).toMatchObject({ options: { wait: true, mode: 'default', timeout: 1800 } });
  expect(parse('reboot --wait=false')).toMatchObject({ options: { wait: false } });
});

test("a command's own option goes before a global one of the same letter", () => {
  expect(parse('gen secrets -o file.yaml')).toMatchObject({ options: { output: 'file.yaml' }, globals: { output: 'table' } });
});

test('negative numbers are values, and what follows two dashes is no option', () => {
  expect(parse('logs machined --tail -1')).toMatchObject({ options: { tail: -1 }, words: ['machined'] });
  expect(parse('cat -- -odd')).toMatchObject({ kind: 'run', words: ['-odd'] });
});

test('every problem is reported at once', () => {
  const read = parse('apply-config --mode soon --dry-run=perhaps extra --flie x');
  expect(read).toMatchObject({ kind: 'wrong', path: ['apply-config'] });
  expect(read.kind === 'wrong' ? read.problems : []).toEqual([
    'option --mode takes auto, no-reboot, reboot, staged, try, not "soon"',
    'option --dry-run takes true or false, not "perhaps"',
    'unknown option --flie; did you mean "--file"?',
  ]);
});

test('what is needed and missing is said by name', () => {
  expect(parse('apply-config')).toMatchObject({ problems: ['option --file <file> is needed'] });
  expect(parse('get')).toMatchObject({ problems: ['<type> is missing'] });
  expect(parse('logs')).toMatchObject({ problems: ['<id> is missing'] });
  expect(parse('version extra')).toMatchObject({ problems: ['too many words: "extra"'] });
  expect(parse('logs machined --tail')).toMatchObject({ problems: ['option --tail needs a value'] });
});

test('a mistyped command is answered with the one that was meant', () => {
  expect(parse('versoin')).toMatchObject({ kind: 'wrong', problems: ['unknown command "versoin"; did you mean "version"?'] });
  expect(parse('cluster dwon')).toMatchObject({ problems: ['unknown command "cluster dwon"; did you mean "down"?'] });
});

test('aliases are the command', () => {
  expect(parse('read /etc/hosts')).toMatchObject({ kind: 'run', words: ['/etc/hosts'] });
});

test('a word that names a property of every object is no command and no option', () => {
  expect(parse('constructor')).toMatchObject({ kind: 'wrong' });
  expect(parse('version --constructor')).toMatchObject({ kind: 'wrong' });
});

test('help is asked for anywhere, and a group alone is help', () => {
  expect(parse('logs --help')).toEqual({ kind: 'help', path: ['logs'] });
  expect(parse('-h cluster up')).toEqual({ kind: 'help', path: ['cluster', 'up'] });
  expect(parse('config')).toEqual({ kind: 'help', path: ['config'] });
  expect(parse('')).toEqual({ kind: 'help', path: [] });
});

test.each(commands.map((command) => [command.path.join(' '), command] as const))(
  'the help of %s has an example that parses',
  (path, command) => {
    const help = helpText(commands, groups, command.path);
    expect(help).toContain('Examples:');
    for (const example of command.examples) {
      expect(help).toContain(example);
      const line = example
        .replace(/^source <\(/, '')
        .replace(/\)$/, '')
        .replace(/ [>|] .*$/, '');
      const read = parse(line.replace(/^minosctl /, ''));
      expect([example, read]).toEqual([
        example,
        expect.objectContaining({ kind: 'run', command: expect.objectContaining({ path: path.split(' ') }) }),
      ]);
    }
  },
);
