import type { DaemonContext } from './context.ts';
import type { OptionTable, VariableTable } from './option-table.ts';

/** A program: what it is called, what it reads, and what it does until its signal is aborted. */
export interface Program<O extends OptionTable = OptionTable, E extends VariableTable = VariableTable> {
  readonly name: string;
  /** One or two sentences for `--help`. */
  readonly description: string;
  readonly options: O;
  readonly environment?: E;
  /** Serves until `context.signal` is aborted; releases all that it holds before it returns or throws. */
  run(context: DaemonContext<O, E>): Promise<void>;
}
