import { type Logger, Mailbox, type Scope } from '@minos/base';
import { toYamlText } from '@minos/config';
import type { Host, SupervisorEvent } from '@minos/host';
import { allResourceTypes, MemoryState } from '@minos/resource';
import { MemoryWatch } from '../cgroup/memory-watch.ts';
import { NodeIdentity } from '../cluster/node-identity.ts';
import { EventLog } from '../event/event-log.ts';
import { FlightRecorder } from '../flight/flight-recorder.ts';
import { LogBook } from '../logs/log-book.ts';
import { alsoAsBytes } from '../logs/own-log.ts';
import { MetaStore } from '../meta/meta-store.ts';
import { ConfigKeeper } from '../node-config/config-keeper.ts';
import { ServiceManager } from '../service/service-manager.ts';
import { MachineStatusKeeper } from '../status/machine-status.ts';
import { serviceReporter } from '../status/service-status.ts';
import { DAEMON_UID, type DaemonName } from './daemon-access.ts';
import type { Machine, MachinedRelease, Platform } from './machine.ts';
import { type Paths, pathsOf } from './paths.ts';
import { RestartMemory } from './restart-memory.ts';
import { RuntimeSockets } from './runtime-sockets.ts';
import { serviceDefinitions } from './service-list.ts';
import type { World } from './world.ts';

/** What a machine is built from. */
export interface MachineParts {
  readonly world: World;
  readonly platform: Platform;
  readonly release: MachinedRelease;
  /** Where sockets are; empty in a node. */
  readonly runDir: string;
}

/** Lines of machined itself that may wait to be taken into its log. */
const OWN_LINES = 1000;

/** Connects to init, learns what lives, and puts the parts together; nothing is started. The scope owns everything. */
export async function buildMachine(parts: MachineParts, scope: Scope, lifetime: AbortSignal): Promise<Machine> {
  const { world, platform, release } = parts;
  const { host, clock } = world;
  const { files } = host;
  const paths = pathsOf({ files: '', sockets: parts.runDir });
  const ownLines = new Mailbox<Buffer>(OWN_LINES);
  const log = world.isNode ? world.log : alsoAsBytes(world.log, clock, (bytes) => void ownLines.push(bytes));
  const supervisor = scope.use(await host.openSupervisor());
  const supervisorEvents: AsyncIterable<SupervisorEvent> = supervisor.events(lifetime);
  const memory = new RestartMemory(files, paths.restartFile, log);
  const [adopted, remembered] = await Promise.all([
    supervisor.list(),
    memory.load(() => host.system.randomBytes(8).toString('hex')),
  ]);
  const state = new MemoryState({
    clock,
    startCount: supervisor.machinedStarts,
    bootId: remembered.bootNonce,
    types: allResourceTypes,
  });
  const events = new EventLog(clock, host.system.randomBytes(5));
  const logs = scope.use(new LogBook({ files, clock, log, directory: paths.logDirectory }));
  const recorder = scope.use(new FlightRecorder({ ...paths, files, clock, log }));
  const status = new MachineStatusKeeper(state, events);
  const report = serviceReporter(state, events, log);
  const serviceMemory = memoryWatch(host, log, memory);
  const services = scope.use(
    new ServiceManager({
      clock,
      log,
      supervisor,
      events: supervisorEvents,
      adopted,
      ends: serviceMemory,
      onChange: (snapshot) => {
        report(snapshot);
        status.refreshSoon();
      },
    }),
  );
  // A node is ready without a picture of itself on its screen.
  status.useServices(() => services.list().filter(({ id }) => id !== 'dashboard'));
  const sockets = scope.use(
    new RuntimeSockets({
      state,
      log,
      pathOf: (daemon) => paths.runtimeSocket(daemon),
      emitYaml: toYamlText,
      isDaemon: (socket, daemon: DaemonName) => world.isProcess(socket, { uid: DAEMON_UID[daemon], pid: services.pidOf(daemon) }),
      until: lifetime,
    }),
  );
  const definitions = serviceDefinitions({ files, paths, state, sockets, platform });
  // Those that live are known before anything is served, so that their calls are recognised.
  for (const { id } of adopted) if (id in definitions) services.load(definitions[id as DaemonName]);
  return {
    host,
    clock,
    log,
    platform,
    release,
    paths,
    supervisor,
    state,
    events,
    logs,
    recorder,
    services,
    definitions,
    status,
    config: configKeeper(host, paths, remembered.bootNonce),
    identity: new NodeIdentity(files, paths.identityFile),
    memory,
    serviceMemory,
    meta: new MetaStore({ files, log, path: paths.metaFile }),
    streamsEnd: new AbortController(),
    mayMount: world.mayMount,
    ownLines: world.isNode ? undefined : ownLines,
  };
}

function configKeeper({ files, clock }: Host, { configFile, configRecordFile }: Paths, boot: string): ConfigKeeper {
  return new ConfigKeeper({ files, clock, configFile, recordFile: configRecordFile, boot });
}

function memoryWatch({ files, clock }: Host, log: Logger, memory: RestartMemory): MemoryWatch {
  return new MemoryWatch({
    files,
    clock,
    log,
    known: () => memory.value.oomKills,
    keep: (oomKills) => memory.update({ oomKills }),
  });
}
