import { systemClock } from '@minos/base';
import type { Terminal } from '../cli/terminal.ts';

/** A terminal that keeps what it is told. */
export interface TestTerminal extends Terminal {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** As Ctrl-C would. */
  interrupt(): void;
}

/** Makes a terminal whose home, folder and checkout are the same directory. */
export function testTerminal(dir: string, overrides: Partial<Terminal> = {}): TestTerminal {
  const stop = new AbortController();
  const out: Buffer[] = [];
  const errors: string[] = [];
  return {
    env: {},
    cwd: dir,
    home: dir,
    checkout: dir,
    uid: 1000,
    isInteractive: false,
    canAsk: false,
    errorForm: 'text',
    clock: systemClock,
    signal: stop.signal,
    out: async (data) => void out.push(Buffer.from(data)),
    complain: (line) => void errors.push(line),
    confirm: async () => false,
    progress: () => undefined,
    openScreen: () => undefined,
    ...overrides,
    stdout: () => Buffer.concat(out).toString(),
    stderr: () => errors.join('\n'),
    interrupt: () => stop.abort(),
  };
}
