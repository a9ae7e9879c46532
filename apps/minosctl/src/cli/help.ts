import { GLOBAL_OPTIONS } from '../command-table/global-options.ts';
import type { Command, PositionalSpec } from './command.ts';
import type { OptionSpec, OptionSpecs } from './option.ts';
import { findCommand } from './parse-arguments.ts';

/** Summaries of the words that only group commands. */
export type GroupSummaries = Readonly<Record<string, string>>;

/** The help text for a path: the whole program, a group, or one command; pure. */
export function helpText(commands: readonly Command[], groups: GroupSummaries, path: readonly string[]): string {
  const command = path.length === 0 ? undefined : findCommand(commands, path);
  return command === undefined ? overview(commands, groups, path) : commandHelp(command);
}

/** The one line that shows how a command is called. */
export function usageLine(command: Command): string {
  return ['minosctl', ...command.path, ...(command.positionals ?? []).map(positional), '[options]'].join(' ');
}

function overview(commands: readonly Command[], groups: GroupSummaries, path: readonly string[]): string {
  const shown = commands.filter((c) => !c.isHidden && path.every((word, i) => c.path[i] === word));
  const lines = shown.map((c): [string, string] => [c.path.join(' '), c.summary]);
  const [first] = path;
  const title =
    first === undefined
      ? 'minosctl talks to Minos nodes, makes their configurations and runs a cluster on this machine.'
      : `${groups[first] ?? ''}`;
  return [
    title,
    '',
    `Usage: minosctl ${[...path, '<command>'].join(' ')} [options]`,
    '',
    'Commands:',
    ...columns(lines),
    '',
    'Options of every command:',
    ...columns(optionLines(GLOBAL_OPTIONS)),
    '',
    'Examples:',
    ...overviewExamples(shown, path).map((line) => `  ${line}`),
    '',
    `minosctl ${[...path, '<command>'].join(' ')} --help says more about one command.`,
    '',
  ].join('\n');
}

function overviewExamples(shown: readonly Command[], path: readonly string[]): readonly string[] {
  if (path.length > 0) return shown.map((c) => c.examples[0]);
  return ['minosctl cluster up', 'minosctl get members', 'minosctl -n 10.5.0.2,10.5.0.3 version'];
}

function commandHelp(command: Command): string {
  const own = columns(optionLines(command.options));
  const general = Object.fromEntries(
    Object.entries<OptionSpec>(GLOBAL_OPTIONS).filter(
      ([key]) => !(key in command.options) && (key !== 'insecure' || command.isForMaintenance === true),
    ),
  );
  return [
    `${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.`,
    ...(command.details === undefined ? [] : ['', command.details]),
    '',
    `Usage: ${usageLine(command)}`,
    ...(command.aliases === undefined ? [] : [`Also:  ${command.aliases.join(', ')}`]),
    ...(own.length === 0 ? [] : ['', 'Options:', ...own]),
    '',
    'Options of every command:',
    ...columns(optionLines(general)),
    '',
    'Examples:',
    ...command.examples.map((line) => `  ${line}`),
    '',
  ].join('\n');
}

function positional(spec: PositionalSpec): string {
  const name = spec.choices === undefined ? spec.name : spec.choices.join('|');
  if (spec.need === 'required') return `<${name}>`;
  return spec.need === 'many' ? `[${name}…]` : `[${name}]`;
}

function optionLines(specs: OptionSpecs): [string, string][] {
  return Object.entries(specs).map(([key, spec]) => [
    `${shortOf(spec)}--${key}${placeholderOf(spec)}`,
    `${spec.summary}${initialOf(spec)}`,
  ]);
}

function shortOf(spec: OptionSpec): string {
  return spec.short === undefined ? '    ' : `-${spec.short}, `;
}

function placeholderOf(spec: OptionSpec): string {
  if (spec.kind === 'flag') return spec.initial ? '=false' : '';
  return spec.kind === 'choice' ? ` ${spec.choices.join('|')}` : ` <${spec.placeholder}>`;
}

function initialOf(spec: OptionSpec): string {
  if (spec.kind === 'number') return ` (default ${spec.initial})`;
  if (spec.kind === 'required-text') return ' (needed)';
  return spec.kind === 'default-text' || spec.kind === 'choice' ? ` (default ${spec.initial})` : '';
}

function columns(lines: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...lines.map(([left]) => left.length));
  return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
