import { resolve } from 'node:path';
import type { Problem } from '@minos/base';
import { helpText } from './help-text.ts';
import type { LogLevel } from './json-log.ts';
import type { OptionTable, OptionValues, VariableTable, VariableValues } from './option-table.ts';
import { type ParsedOptions, parseOptions } from './parse-options.ts';
import type { Program } from './program.ts';

/** What a command line and an environment ask of a program. */
export type Invocation<O extends OptionTable, E extends VariableTable> =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | ({ readonly kind: 'run' } & Settings<O, E>);

/** The parsed options that every daemon has, and its own. */
export interface Settings<O extends OptionTable, E extends VariableTable> {
  readonly runDir: string;
  readonly simulate: string | undefined;
  readonly logLevel: LogLevel;
  readonly readyFd: number | undefined;
  readonly args: OptionValues<O>;
  readonly environment: VariableValues<E>;
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** A Unix socket's path has room for 107 bytes; the longest below the run directory takes 37. */
const MAX_RUN_DIR_BYTES = 70;

const COMMON = {
  simulate: { kind: 'text', default: undefined, value: 'file', help: 'run on a simulated machine described by this fixture' },
  runDir: {
    kind: 'text',
    default: '',
    value: 'dir',
    help: 'where the run tree (sockets, state) is, instead of the root directory',
  },
  logLevel: { kind: 'text', default: 'info', value: 'level', help: 'debug, info, warn or error' },
  help: { kind: 'flag', default: false, help: 'print this and exit' },
} as const satisfies OptionTable;

/** Parses what a program was started with; every problem at once. Pure. */
export function parseInvocation<O extends OptionTable, E extends VariableTable>(
  program: Program<O, E>,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Invocation<O, E> {
  const options = { ...program.options, ...COMMON };
  const variables: VariableTable = program.environment ?? {};
  if (argv.includes('--help')) return { kind: 'help', text: helpText({ ...program, options, environment: variables }) };
  const values = parseOptions(options, argv);
  if (!values.ok) return { kind: 'refused', problems: values.problems };
  const readyFd = parseReadyFd(env['READY_FD']);
  const logLevel = LEVELS.find((level) => level === values.value['logLevel']);
  const runDir = textOf(values.value, 'runDir') ?? '';
  const problems = [...commonProblems(logLevel, runDir), ...(readyFd === null ? [readyFdProblem(env['READY_FD'])] : [])];
  if (problems.length > 0 || logLevel === undefined || readyFd === null) return { kind: 'refused', problems };
  return {
    kind: 'run',
    runDir: runDir === '' || runDir === '/' ? '' : resolve(runDir),
    simulate: textOf(values.value, 'simulate'),
    logLevel,
    readyFd,
    // The parser filled every option of this very table, each by its kind; the compiler cannot follow a loop over keys.
    args: values.value as OptionValues<O>,
    environment: Object.fromEntries(
      Object.entries(variables).map(([name, v]) => [name, env[name] ?? v.default]),
    ) as VariableValues<E>,
  };
}

function commonProblems(level: LogLevel | undefined, runDir: string): Problem[] {
  return [
    ...(level === undefined ? [{ path: '--log-level', expected: `one of ${LEVELS.join(', ')}` }] : []),
    ...(runDir !== '' && Buffer.byteLength(resolve(runDir)) > MAX_RUN_DIR_BYTES
      ? [
          {
            path: '--run-dir',
            expected: `a path of at most ${MAX_RUN_DIR_BYTES} bytes, so that sockets fit below it`,
            found: resolve(runDir),
          },
        ]
      : []),
  ];
}

/** Undefined when there is none; null when it is no descriptor. */
function parseReadyFd(text: string | undefined): number | undefined | null {
  if (text === undefined || text === '') return undefined;
  return /^[1-9]\d{0,5}$/.test(text) && Number(text) > 2 ? Number(text) : null;
}

function readyFdProblem(text: string | undefined): Problem {
  return { path: 'READY_FD', expected: 'the number of an open descriptor above 2', found: JSON.stringify(text) };
}

function textOf(values: ParsedOptions, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}
