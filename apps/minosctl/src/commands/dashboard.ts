import { Fault } from '@minos/base';
import { type DashboardNode, runDashboard } from '@minos/dashboard';
import type { RunCommand } from '../cli/command.ts';
import { durationMs } from '../cli/duration.ts';
import { type NodeSession, withSession } from '../node-call/session.ts';

interface Options {
  readonly interval: string;
}

const SHORTEST_MS = 500;
const TIMEOUT_MS = 10_000;

/** Shows nodes on the whole terminal until q or Ctrl-C. */
export const dashboard: RunCommand<Options> = async (call) => {
  const intervalMs = durationMs(call.options.interval, '--interval');
  if (intervalMs < SHORTEST_MS) throw new Fault('invalid', `--interval takes at least ${SHORTEST_MS}ms`);
  return withSession(call, async (session) => {
    const [first, ...others] = session.nodes.map((node) => dashboardNode(session, node));
    if (first === undefined) throw new Fault('missing', 'there is no node to show; choose one: -n <node>');
    using screen = call.terminal.openScreen();
    if (screen === undefined) {
      throw new Fault('precondition', 'the dashboard needs a terminal for input and output', {
        hop: 'you',
        next: 'in a script or a pipe, use minosctl get, minosctl services, minosctl processes or minosctl stats',
      });
    }
    const { clock, signal } = call.terminal;
    await runDashboard({ nodes: [first, ...others], screen, clock, intervalMs, isShared: false, canQuit: true }, signal);
    return 0;
  });
};

function dashboardNode(session: NodeSession, name: string): DashboardNode {
  return {
    name,
    source: (signal) => {
      const streamOptions = { ...session.to(name), signal };
      return { channel: session.channel, streamOptions, options: { ...streamOptions, timeoutMs: TIMEOUT_MS } };
    },
  };
}
