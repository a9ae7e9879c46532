import { readFile } from 'node:fs/promises';
import { Fault, RELEASE, Scope } from '@minos/base';
import { type DaemonContext, type Program, trimming } from '@minos/daemon';
import { linuxHost } from '@minos/host/linux';
import { runMachined } from './run-machined.ts';
import type { Platform } from './runtime/machine.ts';
import { localRootCheck, processCheck, type World } from './runtime/world.ts';

const OPTIONS = {
  platform: { kind: 'text', default: 'container', value: 'name', help: 'container, or metal for a machine of its own' },
} as const;

/** machined: the brain of a node. init starts it, and starts it again when it ends; it holds the socket to init on fd 3. */
export function machinedProgram(runtime: { readonly version: string }): Program<typeof OPTIONS> {
  return {
    name: 'machined',
    description: 'Boots the node, starts and watches its services, keeps its state, and answers its API on machine.sock.',
    options: OPTIONS,
    run: async (context) => {
      await using scope = new Scope();
      const platform = parsePlatform(context.args.platform);
      const world = await openWorld(context);
      scope.use(trimming({ trimMemory: () => world.host.system.trimMemory(), clock: context.clock }));
      const release = { ...RELEASE, runtimeVersion: runtime.version };
      const options = { world, platform, release, runDir: context.runDir, ready: () => context.ready() };
      await runMachined(options, context.signal);
    },
  };
}

async function openWorld({
  simulate,
  runDir,
  clock,
  log,
}: Pick<DaemonContext, 'simulate' | 'runDir' | 'clock' | 'log'>): Promise<World> {
  if (simulate !== undefined) {
    const { simulatedWorld } = await import('./simulate/simulated-world.ts');
    return simulatedWorld(await readFile(simulate, 'utf8'), { clock, log });
  }
  const host = linuxHost({ root: runDir });
  return {
    host,
    clock,
    log,
    isNode: runDir === '',
    mayMount: runDir === '',
    isProcess: processCheck(host),
    isLocalRoot: localRootCheck(host),
    play: undefined,
  };
}

function parsePlatform(text: string): Platform {
  if (text === 'container' || text === 'metal') return text;
  throw new Fault('invalid', `--platform ${text} is neither container nor metal`);
}
