import type { GlobalValues } from '../command-table/global-options.ts';
import { GLOBAL_OPTIONS } from '../command-table/global-options.ts';
import type { Command } from './command.ts';
import type { OptionSpec, OptionSpecs } from './option.ts';
import { closest } from './suggest.ts';

/** What a command line asks for. */
export type Invocation =
  | {
      readonly kind: 'run';
      readonly command: Command;
      readonly globals: GlobalValues;
      readonly options: Readonly<Record<string, unknown>>;
      readonly words: readonly string[];
    }
  | { readonly kind: 'help'; readonly path: readonly string[] }
  | { readonly kind: 'wrong'; readonly path: readonly string[]; readonly problems: readonly string[] };

interface Reading {
  readonly commands: readonly Command[];
  readonly globals: Record<string, unknown>;
  readonly options: Record<string, unknown>;
  readonly problems: string[];
  readonly words: string[];
  path: string[];
  command: Command | undefined;
}

/** Reads a command line against the table; every problem at once. Pure. */
export function parseArguments(commands: readonly Command[], args: readonly string[]): Invocation {
  const reading: Reading = { commands, globals: {}, options: {}, problems: [], words: [], path: [], command: undefined };
  const queue = [...args];
  for (let token = queue.shift(); token !== undefined; token = queue.shift()) {
    if (token === '--') reading.words.push(...queue.splice(0));
    else if (token.startsWith('--')) readLong(reading, token.slice(2), queue);
    else if (token.startsWith('-') && token !== '-') readShort(reading, token.slice(1), queue);
    else readWord(reading, token);
  }
  if (reading.globals['help'] === true) return { kind: 'help', path: reading.path };
  if (reading.problems.length > 0) return { kind: 'wrong', path: reading.path, problems: reading.problems };
  const { command } = reading;
  if (command === undefined) return { kind: 'help', path: reading.path };
  checkWords(command, reading);
  if (reading.globals['insecure'] === true && command.isForMaintenance !== true) {
    reading.problems.push(`option --insecure is not for ${command.path.join(' ')}: a machine without a configuration refuses it`);
  }
  const globals = withInitials(GLOBAL_OPTIONS, reading.globals, reading.problems);
  const options = withInitials(command.options, reading.options, reading.problems);
  if (reading.problems.length > 0) return { kind: 'wrong', path: reading.path, problems: reading.problems };
  // Filled in from the same table that the type is made of.
  return { kind: 'run', command, globals: globals as GlobalValues, options, words: reading.words };
}

/** The command at a path, by name or alias. */
export function findCommand(commands: readonly Command[], path: readonly string[]): Command | undefined {
  return commands.find(
    (command) =>
      (command.path.length === path.length && command.path.every((word, i) => word === path[i])) ||
      (path.length === 1 && command.aliases?.includes(path[0] ?? '') === true),
  );
}

function readWord(reading: Reading, word: string): void {
  if (reading.command !== undefined) {
    reading.words.push(word);
    return;
  }
  const path = [...reading.path, word];
  const command = findCommand(reading.commands, path);
  const isGroup = reading.commands.some((c) => c.path.length > path.length && path.every((w, i) => w === c.path[i]));
  if (command === undefined && !isGroup) {
    if (reading.problems.length > 0) return;
    const known = reading.commands
      .filter((c) => !c.isHidden && reading.path.every((w, i) => w === c.path[i]))
      .map((c) => c.path[reading.path.length] ?? '');
    const near = didYouMean(word, known);
    // In a group there are few enough to name them all.
    const all = near === '' && reading.path.length > 0 ? `; there are: ${[...new Set(known)].join(', ')}` : near;
    reading.problems.push(`unknown command "${path.join(' ')}"${all}`);
    return;
  }
  reading.command = command;
  reading.path = [...(command?.path ?? path)];
}

function readLong(reading: Reading, token: string, queue: string[]): void {
  const equals = token.indexOf('=');
  const name = equals < 0 ? token : token.slice(0, equals);
  const found = lookUp(reading, (key) => key === name);
  if (found === undefined) {
    const known = [...Object.keys(reading.command?.options ?? {}), ...Object.keys(GLOBAL_OPTIONS)];
    reading.problems.push(`unknown option --${name}${didYouMean(name, known, '--')}`);
    return;
  }
  take(reading, { ...found, given: equals < 0 ? undefined : token.slice(equals + 1), shown: `--${name}` }, queue);
}

function readShort(reading: Reading, letters: string, queue: string[]): void {
  for (let i = 0; i < letters.length; i++) {
    const letter = letters.charAt(i);
    const found = lookUp(reading, (_key, spec) => spec.short === letter);
    if (found === undefined) {
      reading.problems.push(`unknown option -${letter}`);
      return;
    }
    const rest = letters.slice(i + 1);
    const isBareFlag = found.spec.kind === 'flag' && !rest.startsWith('=');
    const given = isBareFlag || rest === '' ? undefined : rest.replace(/^=/, '');
    take(reading, { ...found, given, shown: `-${letter}` }, queue);
    if (!isBareFlag) return;
  }
}

interface Found {
  readonly key: string;
  readonly spec: OptionSpec;
  readonly values: Record<string, unknown>;
}

function lookUp(reading: Reading, isIt: (key: string, spec: OptionSpec) => boolean): Found | undefined {
  const own = Object.entries(reading.command?.options ?? {}).find(([key, spec]) => isIt(key, spec));
  if (own !== undefined) return { key: own[0], spec: own[1], values: reading.options };
  const general = Object.entries<OptionSpec>(GLOBAL_OPTIONS).find(([key, spec]) => isIt(key, spec));
  return general === undefined ? undefined : { key: general[0], spec: general[1], values: reading.globals };
}

function take(reading: Reading, found: Found & { given: string | undefined; shown: string }, queue: string[]): void {
  const { key, spec, values, shown } = found;
  if (spec.kind === 'flag') {
    const word = found.given ?? 'true';
    if (word !== 'true' && word !== 'false') reading.problems.push(`option ${shown} takes true or false, not "${word}"`);
    values[key] = word === 'true';
    return;
  }
  const value = found.given ?? queue.shift();
  if (value === undefined) {
    reading.problems.push(`option ${shown} needs a value`);
  } else if (spec.kind === 'number') {
    if (!/^-?\d{1,9}$/.test(value)) reading.problems.push(`option ${shown} takes a whole number, not "${value}"`);
    values[key] = Number(value);
  } else if (spec.kind === 'choice') {
    if (!spec.choices.includes(value)) {
      reading.problems.push(`option ${shown} takes ${spec.choices.join(', ')}, not "${value}"`);
    }
    values[key] = value;
  } else if (spec.kind === 'list') {
    const before = values[key];
    const more = spec.isSplit ? value.split(',').filter((v) => v !== '') : [value];
    values[key] = [...(Array.isArray(before) ? before : []), ...more];
  } else {
    values[key] = value;
  }
}

function withInitials(specs: OptionSpecs, values: Record<string, unknown>, problems: string[]): Record<string, unknown> {
  const total: Record<string, unknown> = {};
  for (const [key, spec] of Object.entries(specs)) {
    if (key in values) total[key] = values[key];
    else if (spec.kind === 'list') total[key] = [];
    else if (spec.kind === 'required-text') problems.push(`option --${key} <${spec.placeholder}> is needed`);
    else total[key] = spec.kind === 'text' ? undefined : spec.initial;
  }
  return total;
}

function checkWords(command: Command, reading: Reading): void {
  const specs = command.positionals ?? [];
  for (const [i, spec] of specs.entries()) {
    const word = reading.words[i];
    if (word === undefined) {
      if (spec.need === 'required') reading.problems.push(`<${spec.name}> is missing`);
    } else if (spec.choices !== undefined && !spec.choices.includes(word)) {
      reading.problems.push(`<${spec.name}> is one of ${spec.choices.join(', ')}, not "${word}"`);
    }
  }
  const takesMany = specs.some((spec) => spec.need === 'many');
  const extra = reading.words.slice(specs.length);
  if (!takesMany && extra.length > 0) reading.problems.push(`too many words: ${extra.map((w) => `"${w}"`).join(' ')}`);
}

function didYouMean(word: string, known: readonly string[], prefix = ''): string {
  const near = closest(word, known);
  return near === undefined ? '' : `; did you mean "${prefix}${near}"?`;
}
