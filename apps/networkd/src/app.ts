import { Scope } from '@minos/base';
import { type DaemonContext, type Program, runPath, ServingSwitch, serveHealth, trimming } from '@minos/daemon';
import type { Host } from '@minos/host';
import { linuxHost } from '@minos/host/linux';
import { remoteState } from '@minos/resource';
import { dial } from '@minos/rpc';
import { NetworkController } from './network/network-controller.ts';

/** The machine that networkd works on, and where its run tree is. */
interface World {
  readonly host: Host;
  readonly runDir: string;
}

/** networkd: makes the kernel's network equal the wanted one and reports it. Needs CAP_NET_ADMIN in its network namespace. */
export const networkd: Program = {
  name: 'networkd',
  description: "Makes the kernel's network equal to what the state wants, puts back what drifts, and reports what is.",
  options: {},
  run: async (context) => {
    await using scope = new Scope();
    const { host, runDir } = await openWorld(context, scope);
    const { clock, log, signal } = context;
    const rtnetlink = scope.use(await host.openRtnetlink());
    const channel = scope.use(dial({ kind: 'unix', path: runPath({ runDir }, '/system/run/networkd/runtime.sock') }));
    const state = scope.use(remoteState({ channel, clock, log }));
    const serving = new ServingSwitch();
    scope.use(await serveHealth({ ...context, runDir }, serving));
    const ready = (): void => {
      serving.set(true);
      context.ready();
    };
    const controller = new NetworkController({ rtnetlink, state, files: host.files, clock, log, runDir, ready });
    scope.use(trimming({ trimMemory: () => host.system.trimMemory(), clock }));
    await controller.run(signal);
  },
};

/** The simulation is loaded only when it is asked for. */
async function openWorld(context: DaemonContext, scope: Scope): Promise<World> {
  if (context.simulate === undefined) return { host: linuxHost(), runDir: context.runDir };
  const { openSimulation } = await import('./simulate/open-simulation.ts');
  return scope.use(await openSimulation(context, context.simulate));
}
