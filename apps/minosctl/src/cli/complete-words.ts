import { GLOBAL_OPTIONS } from '../command-table/global-options.ts';
import type { Command } from './command.ts';
import type { OptionSpec } from './option.ts';
import { findCommand } from './parse-arguments.ts';

/** What may come next: words, or whatever a file or a node is called. */
export type Completion =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'nodes' }
  | { readonly kind: 'contexts' }
  | { readonly kind: 'files' };

const FILE_PLACEHOLDERS = ['file', 'dir'];

/** What may stand at the place of the last word, the words before it being given; pure. */
export function completeWords(commands: readonly Command[], words: readonly string[]): Completion {
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const { path, command, pending } = walk(commands, before);
  if (pending !== undefined) return completionOf(pending);
  if (last.startsWith('-')) return { kind: 'words', words: matching(last, optionWords(command)) };
  if (command === undefined) {
    const next = commands
      .filter((c) => !c.isHidden && path.every((word, i) => c.path[i] === word))
      .map((c) => c.path[path.length] ?? '');
    return { kind: 'words', words: matching(last, [...new Set(next)]) };
  }
  const given = before.filter((word) => !word.startsWith('-')).length - command.path.length;
  const positional = command.positionals?.[given];
  if (positional?.choices !== undefined) return { kind: 'words', words: matching(last, positional.choices) };
  return positional === undefined ? { kind: 'words', words: [] } : { kind: 'files' };
}

interface Walked {
  readonly path: readonly string[];
  readonly command: Command | undefined;
  /** The option that the next word is the value of. */
  readonly pending: readonly [string, OptionSpec] | undefined;
}

function walk(commands: readonly Command[], words: readonly string[]): Walked {
  let path: string[] = [];
  let command: Command | undefined;
  let pending: Walked['pending'];
  for (const word of words) {
    if (pending !== undefined) {
      pending = undefined;
    } else if (word.startsWith('-')) {
      const found = specs(command).find(([key, spec]) => word === `--${key}` || word === `-${spec.short}`);
      if (found !== undefined && found[1].kind !== 'flag') pending = found;
    } else if (command === undefined) {
      path = [...path, word];
      command = findCommand(commands, path);
    }
  }
  return { path, command, pending };
}

function specs(command: Command | undefined): [string, OptionSpec][] {
  const own = Object.entries(command?.options ?? {});
  return [...own, ...Object.entries<OptionSpec>(GLOBAL_OPTIONS).filter(([key]) => own.every(([k]) => k !== key))];
}

function optionWords(command: Command | undefined): string[] {
  return specs(command).flatMap(([key, spec]) => [`--${key}`, ...(spec.short === undefined ? [] : [`-${spec.short}`])]);
}

function completionOf([key, spec]: readonly [string, OptionSpec]): Completion {
  if (spec.kind === 'choice') return { kind: 'words', words: spec.choices };
  if (key === 'nodes' || key === 'endpoints') return { kind: 'nodes' };
  if (key === 'context') return { kind: 'contexts' };
  if ('placeholder' in spec && FILE_PLACEHOLDERS.includes(spec.placeholder)) return { kind: 'files' };
  return { kind: 'words', words: [] };
}

function matching(start: string, words: readonly string[]): string[] {
  return words.filter((word) => word.startsWith(start));
}
