import type { GlobalValues } from '../command-table/global-options.ts';
import type { OptionSpecs, OptionValues } from './option.ts';
import type { Terminal } from './terminal.ts';

/** 0 done; 1 something failed (also on one node of many); 2 the command line itself is wrong. */
export type ExitCode = 0 | 1 | 2;

/** A word of the command line that is no option. */
export interface PositionalSpec {
  readonly name: string;
  readonly need: 'required' | 'optional' | 'many';
  /** The words that it may be, when there are only a few. */
  readonly choices?: readonly string[];
}

/** What a command is given to run. */
export interface CommandCall<V> {
  /** The words that chose the command, such as `['meta', 'write']`. */
  readonly path: readonly string[];
  readonly options: V;
  readonly globals: GlobalValues;
  readonly words: readonly string[];
  readonly terminal: Terminal;
}

/** Does the work of a command; throws a Fault when it cannot. */
export type RunCommand<V> = (call: CommandCall<V>) => Promise<ExitCode>;

/** Everything about a command but its work. */
export interface CommandFacts {
  /** Such as `['cluster', 'up']`. */
  readonly path: readonly [string, ...string[]];
  readonly aliases?: readonly string[];
  /** One line, lower case. */
  readonly summary: string;
  /** More, for `--help`. */
  readonly details?: string;
  readonly positionals?: readonly PositionalSpec[];
  /** Command lines that work as they stand. */
  readonly examples: readonly [string, ...string[]];
  /** Whether a machine without a configuration answers it (`--insecure`). */
  readonly isForMaintenance?: boolean;
  /** Not shown in lists. */
  readonly isHidden?: boolean;
}

/** A command of the table; its code is loaded only when it runs. */
export interface Command extends CommandFacts {
  readonly options: OptionSpecs;
  run(call: CommandCall<Readonly<Record<string, unknown>>>): Promise<ExitCode>;
}

/** Makes a command; the compiler sees to it that the loaded code gets every option that it reads. */
export function defineCommand<const O extends OptionSpecs>(
  facts: CommandFacts & { readonly options: O; readonly load: () => Promise<RunCommand<OptionValues<O>>> },
): Command {
  const { load, ...command } = facts;
  return {
    ...command,
    run: async (call) => {
      const run = await load();
      // The parser filled in `options` from the very table that O is the type of.
      return run({ ...call, options: call.options as OptionValues<O> });
    },
  };
}
