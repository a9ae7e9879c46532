import { type Clock, type Logger, Scope } from '@minos/base';
import { type DaemonContext, type Program, runPath, ServingSwitch, serveHealth } from '@minos/daemon';
import type { Files, Rtnetlink } from '@minos/host';
import { linuxHost } from '@minos/host/linux';
import { remoteState, type State } from '@minos/resource';
import { dial } from '@minos/rpc';
import { NetworkController } from './network/network-controller.ts';

/** The world that networkd works in: this machine, or a simulated one. */
interface World {
  readonly rtnetlink: Rtnetlink;
  readonly state: State;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Logger;
}

/** networkd: makes the kernel's network equal the wanted one and reports it. Needs CAP_NET_ADMIN in its network namespace. */
export const networkd: Program = {
  name: 'networkd',
  description: "Makes the kernel's network equal to what the state wants, puts back what drifts, and reports what is.",
  options: {},
  run: async (context) => {
    await using scope = new Scope();
    const world = await openMachine(context, scope);
    const serving = new ServingSwitch();
    scope.use(await serveHealth(context, serving));
    const ready = (): void => {
      serving.set(true);
      context.ready();
    };
    const controller = new NetworkController({ ...world, runDir: context.runDir, ready });
    await controller.run(context.signal);
  },
};

async function openMachine(context: DaemonContext, scope: Scope): Promise<World> {
  const { clock, log } = context;
  const host = linuxHost();
  const rtnetlink = scope.use(await host.openRtnetlink());
  const channel = scope.use(dial({ kind: 'unix', path: runPath(context, '/system/run/networkd/runtime.sock') }));
  const state = scope.use(remoteState({ channel, clock, log }));
  return { rtnetlink, state, files: host.files, clock, log };
}
