import { isFault, messageOf } from '@minos/base';
import type { Command, ExitCode } from './command.ts';
import { failureDocument } from './failure-document.ts';
import { type GroupSummaries, helpText, usageLine } from './help.ts';
import { findCommand, parseArguments } from './parse-arguments.ts';
import type { Terminal } from './terminal.ts';

/** The commands and what groups them. */
export interface CommandTable {
  readonly commands: readonly Command[];
  readonly groups: GroupSummaries;
}

/** Runs one command line and says how it ended; every error is printed here, none is thrown. */
export async function runCli(table: CommandTable, args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const asked = args[0] === 'help' ? [...args.slice(1), '--help'] : args;
  const invocation = parseArguments(table.commands, asked);
  if (invocation.kind === 'help') {
    await terminal.out(helpText(table.commands, table.groups, invocation.path));
    return 0;
  }
  if (invocation.kind === 'wrong') {
    for (const problem of invocation.problems) terminal.complain(`error: ${problem}`);
    const command = findCommand(table.commands, invocation.path);
    if (command !== undefined) terminal.complain(`usage: ${usageLine(command)}`);
    terminal.complain(`next: ${['minosctl', ...invocation.path, '--help'].join(' ')}`);
    return 2;
  }
  const { command, globals, options, words } = invocation;
  const errorForm = globals.output === 'json' ? 'json' : 'text';
  try {
    return await command.run({ path: command.path, options, globals, words, terminal: { ...terminal, errorForm } });
  } catch (e) {
    if (terminal.signal.aborted && isFault(e, 'cancelled')) return 1;
    if (errorForm === 'json') terminal.complain(failureDocument(ownFacts(e)));
    else for (const line of ownLines(e)) terminal.complain(line);
    if (!isFault(e) && terminal.env['MINOS_DEBUG'] !== undefined && e instanceof Error) terminal.complain(e.stack ?? '');
    return 1;
  }
}

/** An error that belongs to no node, as a machine reads it; pure. */
function ownFacts(e: unknown): object {
  const said = isFault(e) ? e.fields : {};
  const { reason, hop = 'you', evidence, next } = said;
  return { kind: isFault(e) ? e.kind : 'unknown', reason, message: messageOf(e), hop, evidence, next };
}

/** The same for people: where it happened, when it was not here, and what to do next. Pure. */
function ownLines(e: unknown): readonly string[] {
  const { hop, evidence, next } = isFault(e) ? e.fields : {};
  return [
    `error: ${messageOf(e)}`,
    ...(hop === undefined ? [] : [`  at: ${hop}${evidence === undefined ? '' : `: ${evidence}`}`]),
    ...(next === undefined ? [] : [`  next: ${next}`]),
  ];
}
