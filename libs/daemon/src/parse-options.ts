import { parseArgs } from 'node:util';
import type { Parsed, Problem } from '@minos/base';
import type { Option, OptionTable } from './option-table.ts';

/** Values by option name, as read from a command line. */
export type ParsedOptions = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** The name of an option on the command line, without the dashes: `listenPort` is `listen-port`. */
export function optionFlag(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Reads a command line by its table, strictly: unknown options, missing or surplus values and bare words are all reported. */
export function parseOptions(table: OptionTable, argv: readonly string[]): Parsed<ParsedOptions> {
  const byFlag = new Map(Object.entries(table).map(([name, option]) => [optionFlag(name), { name, option }]));
  const values = Object.fromEntries(
    Object.entries(table).map(([name, option]) => [name, option.default as ParsedOptions[string]]),
  );
  const problems: Problem[] = [];
  for (const token of tokensOf(table, argv)) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      problems.push({ path: token.value, expected: 'no arguments besides options' });
      continue;
    }
    const known = byFlag.get(token.name);
    if (known === undefined) {
      problems.push({ path: token.rawName, expected: 'a known option (see --help)' });
      continue;
    }
    const value = readValue(known.option, token.value);
    if (value === undefined) problems.push({ path: token.rawName, expected: expectation(known.option), ...found(token.value) });
    else values[known.name] = merged(known.option, values[known.name], value);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: values };
}

function tokensOf(table: OptionTable, argv: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, option]) => [
      optionFlag(name),
      { type: option.kind === 'flag' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  return parseArgs({ args: [...argv], options, strict: false, tokens: true }).tokens;
}

function readValue(option: Option, text: string | undefined): string | number | boolean | readonly string[] | undefined {
  switch (option.kind) {
    case 'flag':
      return text === undefined ? true : undefined;
    case 'text':
      return text;
    case 'list':
      return text === undefined ? undefined : [text];
    case 'number':
      return text !== undefined && /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
  }
}

function merged(option: Option, before: ParsedOptions[string], value: NonNullable<ParsedOptions[string]>): ParsedOptions[string] {
  if (option.kind !== 'list' || !Array.isArray(value)) return value;
  return Array.isArray(before) && before !== option.default ? [...before, ...value] : value;
}

function expectation(option: Option): string {
  if (option.kind === 'flag') return 'no value';
  return option.kind === 'number' ? 'a whole number' : 'a value';
}

function found(text: string | undefined): { found?: string } {
  return text === undefined ? {} : { found: JSON.stringify(text) };
}
