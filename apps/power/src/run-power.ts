import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { formatProblems, messageOf, systemClock } from '@minos/base';
import { askMachined } from './ask-machined.ts';
import { knownArguments, parsePowerRequest } from './parse-request.ts';

/** How the process was started. */
export interface Invocation {
  /** The name under which it was. */
  readonly name: string;
  readonly argv: readonly string[];
}

const PATIENCE_MS = 20_000;
const EXIT = { done: 0, arguments: 100, failed: 111 } as const;
const DONE = { reboot: 'the node restarts', shutdown: 'the node goes down, and stays down' } as const;

/** Runs poweroff, shutdown or reboot as this process: exits with 0 once machined has begun, with 100 for wrong arguments, else with 111. */
export async function runPower({ name, argv }: Invocation): Promise<never> {
  if (argv.includes('--help')) {
    writeSync(
      1,
      `Usage: ${name} [${knownArguments().replaceAll(', ', ' | ')}]\n\nAsks machined to take the node down in order.\n`,
    );
    return process.exit(EXIT.done);
  }
  const request = parsePowerRequest(name, argv);
  if (!request.ok) {
    tell(name, `nothing was asked for\n${formatProblems(request.problems)}`);
    return process.exit(EXIT.arguments);
  }
  try {
    const patience = { clock: systemClock, withinMs: PATIENCE_MS };
    const actor = await askMachined(request.value, patience, new AbortController().signal);
    tell(name, `${DONE[request.value.action]}; the events of actor ${actor} tell how it goes`);
    return process.exit(EXIT.done);
  } catch (e) {
    tell(name, `cannot ${request.value.action} the node: ${messageOf(e)}`);
    return process.exit(EXIT.failed);
  }
}

/** Where the kernel is the caller, nobody reads what is written but its log. */
function tell(name: string, text: string): void {
  writeSync(2, `${name}: ${text}\n`);
  try {
    const kernelLog = openSync('/dev/kmsg', constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(kernelLog, `[minos] ${name}: ${text.replaceAll('\n', ' ')}\n`);
    closeSync(kernelLog);
  } catch {
    // Not root, or a machine that shows no log of the kernel: the caller was told.
  }
}
