import { Fault, Scope } from '@minos/base';
import { type DaemonContext, type Program, runPath, ServingSwitch, serveHealth, trimWhenIdle } from '@minos/daemon';
import { linuxHost } from '@minos/host/linux';
import type { Engine } from '@minos/http2';
import { remoteState } from '@minos/resource';
import { dial } from '@minos/rpc';
import { runApp } from './app.ts';
import type { Http2Kind } from './front/front.ts';

const OPTIONS = {
  maxConnections: { kind: 'number', default: 1000, help: 'connections that clients may have', value: 'count' },
  http2: { kind: 'text', default: 'frames', help: 'frames: our own HTTP/2 for clients; node: that of Node', value: 'kind' },
  remotePort: { kind: 'number', default: 50_000, help: 'port of the apid of every other node', value: 'port' },
} as const;

/** apid as a program: what it reads, and what it does until it is stopped. */
export const apid: Program<typeof OPTIONS> = {
  name: 'apid',
  description: 'The one door of a node: mutual TLS on TCP port 50000, roles, routing to this node or to others.',
  options: OPTIONS,
  run: async (context) => {
    await using scope = new Scope();
    const remotePort = await openWorld(context, scope);
    const serving = new ServingSwitch();
    const channel = scope.use(dial({ kind: 'unix', path: runPath(context, '/system/run/apid/runtime.sock') }));
    const state = scope.use(remoteState({ channel, clock: context.clock, log: context.log }));
    scope.use(await serveHealth(context, serving));
    await runApp(
      {
        state,
        clock: context.clock,
        log: context.log,
        machinePath: runPath(context, '/system/run/machined/machine.sock'),
        remotePort,
        http2: http2Kind(context.args.http2),
        connectionLimits: { connections: context.args.maxConnections },
        onServing: (port) => {
          serving.set(port !== undefined);
          if (port !== undefined) context.ready();
        },
        trim: trimming(context),
      },
      context.signal,
    );
  },
};

/** The port of the apid of every other node. The simulation is loaded only when it is asked for. */
async function openWorld(context: DaemonContext<typeof OPTIONS>, scope: Scope): Promise<number> {
  if (context.simulate === undefined) return context.args.remotePort;
  const { openSimulation } = await import('./simulate/open-simulation.ts');
  return scope.use(await openSimulation(context, context.simulate)).remotePort;
}

function http2Kind(text: string): Http2Kind {
  if (text === 'frames' || text === 'node') return text;
  throw new Fault('invalid', `--http2 is frames or node, not ${text}`);
}

/** Gives back what HTTP/2 keeps for use, and what the allocator keeps. */
function trimming(context: Pick<DaemonContext, 'clock'>): (engine: Engine, signal: AbortSignal) => Promise<void> {
  const { system } = linuxHost();
  return (engine, signal) => {
    const trimMemory = (): void => {
      engine.trim();
      system.trimMemory();
    };
    return trimWhenIdle({ trimMemory, clock: context.clock }, signal);
  };
}
