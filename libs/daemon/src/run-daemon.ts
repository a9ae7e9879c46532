import { closeSync, writeSync } from 'node:fs';
import { formatProblems, type Logger, systemClock } from '@minos/base';
import { compileLater } from './compile-later.ts';
import type { DaemonContext } from './context.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-code.ts';
import { parseInvocation, type Settings } from './invocation.ts';
import { type JsonLog, jsonLog } from './json-log.ts';
import { writerOf } from './log-sink.ts';
import type { OptionTable, VariableTable } from './option-table.ts';
import type { Program } from './program.ts';

/**
 * Runs a program as this process, to its end: parses the command line and the environment, logs JSON to stdout, turns
 * SIGTERM and SIGINT into `signal`, and exits with 0, 100 or 111 as house style §3 says. Does not return.
 */
export async function runDaemon<const O extends OptionTable, const E extends VariableTable = Record<never, never>>(
  program: Program<O, E>,
  argv: readonly string[] = process.argv.slice(2),
): Promise<never> {
  const invocation = parseInvocation(program, argv, process.env);
  switch (invocation.kind) {
    case 'help':
      writeSync(1, invocation.text);
      return process.exit(EXIT.asked);
    case 'refused':
      writeSync(2, `${program.name}: cannot start\n${formatProblems(invocation.problems)}\n`);
      return process.exit(EXIT.configuration);
    case 'run':
      return process.exit(await runWith(program, invocation));
  }
}

async function runWith<O extends OptionTable, E extends VariableTable>(
  program: Program<O, E>,
  settings: Settings<O, E>,
): Promise<ExitCode> {
  const output = jsonLog({
    service: program.name,
    pid: process.pid,
    level: settings.logLevel,
    writeBytes: writerOf(1),
    now: systemClock.now,
  });
  exitOnStrayErrors(output);
  const readiness = readinessOn(settings.readyFd, output.log);
  compileLater(readiness.isReady);
  const signal = stopSignal(output.log);
  const context: DaemonContext<O, E> = {
    name: program.name,
    log: output.log,
    signal,
    ready: readiness.ready,
    runDir: settings.runDir,
    simulate: settings.simulate,
    clock: systemClock,
    args: settings.args,
    environment: settings.environment,
    startedMs: Math.round(performance.timeOrigin),
  };
  const error = await errorOf(() => program.run(context));
  const code = exitCodeOf({ wasAsked: signal.aborted, wasReady: readiness.isReady(), error });
  logEnd(output.log, code, error);
  output.sink.flush();
  return code;
}

async function errorOf(run: () => Promise<void>): Promise<unknown> {
  try {
    await run();
    return undefined;
  } catch (e) {
    return e ?? new Error('nothing was thrown');
  }
}

function logEnd(log: Logger, code: ExitCode, error: unknown): void {
  if (code === EXIT.configuration) log.error({ code, err: error }, 'cannot start: the configuration is wrong');
  else if (code === EXIT.failed && error === undefined) log.error({ code }, 'ended without being asked');
  else if (code === EXIT.failed) log.error({ code, err: error }, 'failed');
  else log.info({ code }, 'stopped');
}

/** An error that nobody caught ends the process, so that a supervisor starts a sound one. */
function exitOnStrayErrors(output: JsonLog): void {
  const die = (message: string) => (err: unknown) => {
    output.log.error({ err, code: EXIT.failed }, message);
    output.sink.flush();
    process.exit(EXIT.failed);
  };
  process.on('uncaughtException', die('uncaught exception'));
  process.on('unhandledRejection', die('unhandled rejection'));
}

/** Aborted by the first SIGTERM or SIGINT; a second one ends the process at once. */
function stopSignal(log: Logger): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(EXIT.failed);
      log.info({ signal: name }, 'stopping');
      stop.abort();
    });
  }
  return stop.signal;
}

function readinessOn(fd: number | undefined, log: Logger): { ready(): void; isReady(): boolean } {
  let isReady = false;
  return {
    isReady: () => isReady,
    ready: () => {
      if (isReady) return;
      isReady = true;
      log.info({ sinceStartMs: Math.round(performance.now()) }, 'ready');
      if (fd !== undefined) tellReady(fd, log);
    },
  };
}

function tellReady(fd: number, log: Logger): void {
  try {
    writeSync(fd, 'ready\n');
    closeSync(fd);
  } catch (err) {
    log.warn({ err, fd }, 'readiness could not be told');
  }
}
