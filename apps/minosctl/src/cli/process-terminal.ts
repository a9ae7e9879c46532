import { once } from 'node:events';
import { homedir } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { hasCode, systemClock } from '@minos/base';
import { openProcessScreen } from './process-screen.ts';
import type { Terminal } from './terminal.ts';

/** The terminal of this very process: first Ctrl-C aborts its signal, a second one ends the process. */
export function processTerminal(checkout: string): Terminal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => stop.abort());
  process.stdout.on('error', (e) => {
    if (!hasCode(e, 'EPIPE')) process.exitCode = 1;
    stop.abort();
  });
  const isInteractive = process.stderr.isTTY === true;
  let shown = '';
  const clear = (): void => {
    if (isInteractive && shown !== '') process.stderr.write('\r\x1b[K');
    shown = '';
  };
  return {
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    checkout,
    uid: process.getuid?.() ?? -1,
    isInteractive,
    canAsk: isInteractive && process.stdin.isTTY === true,
    errorForm: 'text',
    clock: systemClock,
    signal: stop.signal,
    out: async (data) => {
      clear();
      if (stop.signal.aborted || process.stdout.write(data)) return;
      await once(process.stdout, 'drain', { signal: stop.signal }).catch(() => undefined);
    },
    complain: (line) => {
      clear();
      process.stderr.write(`${line}\n`);
    },
    confirm: async (question) => {
      if (!isInteractive || process.stdin.isTTY !== true) return false;
      clear();
      using reader = createInterface({ input: process.stdin, output: process.stderr });
      const answer = await reader.question(`${question} [y/N] `, { signal: stop.signal }).catch(() => '');
      return /^y(es)?$/i.test(answer.trim());
    },
    openScreen: openProcessScreen,
    progress: (line) => {
      if (line === shown) return;
      if (isInteractive) process.stderr.write(`\r\x1b[K${line.slice(0, Math.max(20, process.stderr.columns - 1))}`);
      else if (line !== '') process.stderr.write(`${line}\n`);
      shown = line;
    },
  };
}
