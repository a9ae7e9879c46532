import { findCheckout } from './cli/find-checkout.ts';
import { processTerminal } from './cli/process-terminal.ts';
import { runCli } from './cli/run-cli.ts';
import { COMMAND_TABLE } from './command-table/command-table.ts';

const checkout = process.env['MINOS_CHECKOUT'] ?? findCheckout(import.meta.dirname);
process.exitCode = await runCli(COMMAND_TABLE, process.argv.slice(2), processTerminal(checkout));
// A channel or a timer that a command left open does not keep the shell waiting.
if (process.stdout.writableLength === 0) process.exit();
process.stdout.once('drain', () => process.exit());
