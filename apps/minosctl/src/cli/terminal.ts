import type { Clock } from '@minos/base';
import type { Screen } from '@minos/dashboard';

/** What the command line has from the process that it runs in, as a port. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  readonly home: string;
  /** Folder of the checkout that this program came from. */
  readonly checkout: string;
  readonly uid: number;
  /** Whether a person reads the errors as they come. */
  readonly isInteractive: boolean;
  /** Whether a person is there to be asked. */
  readonly canAsk: boolean;
  /** How errors are written: for people, or one line of JSON each. */
  readonly errorForm: 'text' | 'json';
  readonly clock: Clock;
  /** Aborted at Ctrl-C, and when nobody reads the output any more. */
  readonly signal: AbortSignal;
  /** Writes to standard output; resolves when more may be written. */
  out(data: string | Uint8Array): Promise<void>;
  /** Writes one line to standard error. */
  complain(line: string): void;
  /** Asks a person yes or no; false when nobody is there to answer. */
  confirm(question: string): Promise<boolean>;
  /** Replaces the last line of progress on standard error; on no terminal, prints it once when it changes. */
  progress(line: string): void;
  /** Takes the whole terminal until it is disposed of; undefined when input or output is none. */
  openScreen(): Screen | undefined;
}
