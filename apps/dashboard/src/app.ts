import { setPriority } from 'node:os';
import { Scope } from '@minos/base';
import type { Program } from '@minos/daemon';
import { runDashboard } from '@minos/dashboard';
import { dial } from '@minos/rpc';
import { openConsole } from './console-screen.ts';

const OPTIONS = {
  tty: { kind: 'text', default: '/dev/tty2', value: 'path', help: 'the virtual terminal to draw on' },
  socket: { kind: 'text', default: '/system/run/machined/dashboard.sock', value: 'path', help: 'where machined answers' },
} as const;
const INTERVAL_MS = 5000;
const TIMEOUT_MS = 10_000;
const NICE = 10;

/** The dashboard on the console of a node: machined starts it where the machine has a screen; no key ends it. */
export const dashboardProgram: Program<typeof OPTIONS> = {
  name: 'dashboard',
  description: 'Shows the node on a virtual terminal of its own machine.',
  options: OPTIONS,
  run: async ({ args, clock, ready, signal }) => {
    setPriority(NICE);
    await using scope = new Scope();
    const channel = scope.use(dial({ kind: 'unix', path: args.socket }));
    const screen = scope.use(openConsole(args.tty));
    ready();
    const node = {
      name: 'this node',
      source: (until: AbortSignal) => ({
        channel,
        options: { signal: until, timeoutMs: TIMEOUT_MS },
        streamOptions: { signal: until },
      }),
    };
    await runDashboard({ nodes: [node], screen, clock, intervalMs: INTERVAL_MS, isShared: true, canQuit: false }, signal);
  },
};
