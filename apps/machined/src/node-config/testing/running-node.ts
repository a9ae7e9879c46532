import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StateDefinition } from '@minos/api/cosi';
import { MachineServiceDefinition } from '@minos/api/machine';
import { ConfigServiceDefinition, DiagnosisServiceDefinition } from '@minos/api/minos';
import { Scope, systemClock } from '@minos/base';
import type { SimulatedHost } from '@minos/host/simulated';
import { machineStatusType, type ResourceType } from '@minos/resource';
import { type Client, client, dial, type ServiceDefinition } from '@minos/rpc';
import { eventually, type RecordingLogger, recordingLogger, tempDir } from '@minos/testkit';
import { runMachined } from '../../run-machined.ts';
import type { World } from '../../runtime/world.ts';
import { simulatedWorld } from '../../simulate/simulated-world.ts';

const FIXTURE = join(import.meta.dirname, '../../../fixture.yaml');
const RELEASE = { tag: 'v1.14.0+minos.0.1.0', commit: '', built: '', runtimeVersion: 'test' };
const WITHIN = { withinMs: 10_000 };

/** Headers of an administrator's call. */
export const ADMIN = { metadata: { 'talos-role': 'os:admin' } };
/** Where the configuration is kept on a node. */
export const CONFIG_FILE = '/system/state/config.yaml';

/** machined at work on a simulated machine, as clients of its socket see it. */
export interface RunningNode {
  readonly machine: Client<typeof MachineServiceDefinition>;
  readonly config: Client<typeof ConfigServiceDefinition>;
  readonly diagnosis: Client<typeof DiagnosisServiceDefinition>;
  list<S>(type: ResourceType<S>): Promise<ReadonlyMap<string, S>>;
  /** Who owns resources of a type. */
  owners(type: ResourceType<unknown>): Promise<readonly string[]>;
  /** Another service of the socket. */
  service<D extends ServiceDefinition>(definition: D): Client<D>;
  untilReady(): Promise<void>;
  /** Ends machined at once; the machine and its services stay. */
  stop(): Promise<void>;
}

/** A simulated machine on which machined can be started again and again. */
export interface SimulatedNode extends AsyncDisposable {
  readonly world: World & { readonly host: SimulatedHost };
  readonly log: RecordingLogger;
  /** Starts machined; `play` reports what networkd would, in place of a network that is always as it is wanted, `checks` says who is at its socket. */
  start(play?: World['play'], checks?: Partial<Pick<World, 'isProcess' | 'isLocalRoot'>>): Promise<RunningNode>;
}

/** Makes a worker with the configuration of the fixture of machined, whose text a test may change. */
export async function simulatedNode(change: (fixture: string) => string = (fixture) => fixture): Promise<SimulatedNode> {
  const scope = new Scope();
  const dir = scope.use(await tempDir('machined'));
  const log = recordingLogger();
  const world = simulatedWorld(change(await readFile(FIXTURE, 'utf8')), { clock: systemClock, log });
  scope.use(world.host);
  let running: RunningNode | undefined;
  scope.use(async () => running?.stop());
  return {
    world,
    log,
    start: async (play = world.play, checks = {}) => {
      running = await start({ ...world, ...checks, play }, dir.path);
      return running;
    },
    [Symbol.asyncDispose]: () => scope.close(),
  };
}

async function start(world: World, runDir: string): Promise<RunningNode> {
  const stop = new AbortController();
  const served = Promise.withResolvers<void>();
  const options = { world, platform: 'container', release: RELEASE, runDir, ready: () => served.resolve() } as const;
  const ending = runMachined(options, stop.signal);
  await Promise.race([served.promise, ending]);
  const channel = dial({ kind: 'unix', path: `${runDir}/system/run/machined/machine.sock` });
  const state = client(channel, StateDefinition);
  const list = async <S>(type: ResourceType<S>): Promise<ReadonlyMap<string, S>> => {
    const found = new Map<string, S>();
    const request = { namespace: type.defaultNamespace, type: type.type, options: undefined };
    for await (const { resource } of state.List(request, ADMIN)) {
      found.set(resource?.metadata?.id ?? '', type.codec.decode(resource?.spec?.protoSpec ?? Buffer.alloc(0)));
    }
    return found;
  };
  return {
    machine: client(channel, MachineServiceDefinition),
    config: client(channel, ConfigServiceDefinition),
    diagnosis: client(channel, DiagnosisServiceDefinition),
    list,
    owners: async (type) => {
      const found: string[] = [];
      const request = { namespace: type.defaultNamespace, type: type.type, options: undefined };
      for await (const { resource } of state.List(request, ADMIN)) found.push(resource?.metadata?.owner ?? '');
      return found;
    },
    service: (definition) => client(channel, definition),
    untilReady: () =>
      eventually(async () => {
        const [status] = (await list(machineStatusType)).values();
        if (status?.status?.ready !== true) throw new Error(`not ready: ${JSON.stringify(status)}`);
      }, WITHIN),
    stop: async () => {
      channel[Symbol.dispose]();
      stop.abort();
      await ending.catch(() => undefined);
    },
  };
}
