import type { Clock, Logger } from '@minos/base';
import type { OptionTable, OptionValues, VariableTable, VariableValues } from './option-table.ts';

/** All that a daemon gets from the process that it is. */
export interface DaemonContext<O extends OptionTable = OptionTable, E extends VariableTable = VariableTable> {
  readonly name: string;
  readonly log: Logger;
  /** Aborted by SIGTERM or SIGINT: `run` then releases what it holds and returns. */
  readonly signal: AbortSignal;
  /** Says that the daemon serves; one line on the ready fd, once. */
  ready(): void;
  /** What every path of the run tree is joined to; empty in a node. */
  readonly runDir: string;
  /** The fixture file of a simulation; undefined on a real machine. */
  readonly simulate: string | undefined;
  readonly clock: Clock;
  readonly args: OptionValues<O>;
  readonly environment: VariableValues<E>;
  /** When the process started, milliseconds since the epoch. */
  readonly startedMs: number;
}

/** A path of the run tree, such as `/system/run/apid/apid.sock`, under the daemon's run directory. */
export function runPath(context: { readonly runDir: string }, path: `/${string}`): string {
  return `${context.runDir}${path}`;
}
