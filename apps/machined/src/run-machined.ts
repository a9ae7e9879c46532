import { RuntimeMachineStage as Stage } from '@minos/api/resource-specs';
import { backoffMs, Fault, isFault, messageOf, Scope } from '@minos/base';
import { toYamlText } from '@minos/config';
import { serve } from '@minos/rpc';
import { followMembership, operatingSystemOf } from './cluster/membership-controller.ts';
import { runControllers } from './controller/controller-list.ts';
import { DASHBOARD_UID, dashboardConsole, mayHaveDashboard } from './dashboard/dashboard-service.ts';
import { followFlight } from './flight/follow-flight.ts';
import { forwardedFrom, recordingWrites } from './flight/record-writes.ts';
import { followKernelLog } from './logs/follow-kernel-log.ts';
import { followConsole } from './metal/follow-console.ts';
import { mountVolumes } from './metal/mount-volumes.ts';
import { followEtcFiles } from './network/etc-controller.ts';
import { followDecisions, followTrialBegins, followTrials } from './node-config/apply-config.ts';
import { PowerControl } from './power/power-control.ts';
import { authorizeByRole, authorizeLocalRoot, authorizeReader } from './rpc/authorize.ts';
import { machineServices } from './rpc/machine-services.ts';
import { Background } from './runtime/background.ts';
import { buildMachine, type MachineParts } from './runtime/build-machine.ts';
import { DAEMON_UID } from './runtime/daemon-access.ts';
import { followLogs } from './runtime/follow-logs.ts';
import type { Machine } from './runtime/machine.ts';
import { fileKeep } from './secrets/certificate-keep.ts';
import { runSecrets } from './secrets/run-secrets.ts';
import type { SecretsDeps } from './secrets/secrets-deps.ts';
import { BOOT } from './sequence/boot-sequence.ts';
import { isFirstStart, startEarlyServices } from './sequence/early-services.ts';
import { INITIALIZE } from './sequence/initialize-sequence.ts';
import { SequenceRunner } from './sequence/sequence-runner.ts';

/** What running machined needs besides the parts of the machine. */
export interface RunOptions extends MachineParts {
  /** Called when the API is served. */
  readonly ready: () => void;
}

/** A node whose API does not come must be told about all the more. */
const API_PATIENCE_MS = 20_000;
const RETRY = { firstMs: 1000, factor: 2, maxMs: 30_000 };

/** Serves the node until aborted: services that every node has are on their way first, then the API, then everything else. Services keep running when it returns. */
export async function runMachined(options: RunOptions, signal: AbortSignal): Promise<void> {
  await using scope = new Scope();
  const ending = new AbortController();
  const lifetime = AbortSignal.any([signal, ending.signal]);
  const machine = await buildMachine(options, scope, lifetime);
  const sequences = new SequenceRunner<Machine>({ machine, events: machine.events, clock: machine.clock, log: machine.log });
  const power = new PowerControl(machine, sequences, lifetime);
  await startEarlyServices(machine, lifetime);
  const { world, platform } = options;
  const isOwnMachine = platform === 'metal' && world.mayMount;
  const mounting = isOwnMachine ? mountVolumes(machine, lifetime) : Promise.resolve();
  mounting.catch(() => undefined);
  await serveApi(options, { machine, power, sequences, lifetime }, scope);
  options.ready();
  await serveDashboard(options, { machine, power, sequences, lifetime }, scope);
  await machine.supervisor.ready();
  const background = scope.use(new Background(machine.clock, machine.log, lifetime));
  if (isOwnMachine) background.keep('console', (until) => followConsole(machine, until));
  // Logs are written there.
  await mounting;
  // Before logs are taken: what stands there is of the boot before.
  await machine.recorder.open({ nonce: machine.memory.value.bootNonce, tag: options.release.tag });
  background.keep('flight recorder', (until) => followFlight(machine, until));
  background.keep('configuration', (until) => followDecisions(machine, until));
  background.keep('trial begins', (until) => followTrialBegins(machine, until));
  background.keep('trials', (until) => followTrials(machine, until));
  background.keep('network status', (until) => machine.status.followNetwork(until));
  background.keep('etc files', (until) => followEtcFiles(machine, until));
  background.keep('controllers', async (until) => {
    await untilApiIsUp(machine, until);
    await runControllers(machine, until);
  });
  background.keep('membership', (until) => followMembership(machine, until));
  background.keep('certificates', (until) => runSecrets(secretsDeps(machine), until));
  background.keep('memory of services', (until) => machine.serviceMemory.run(() => livingServices(machine), until));
  background.keep('logs', (until) => followLogs(machine, until));
  background.keep('kernel log', (until) => followKernelLog(machine, until));
  if (world.play !== undefined) background.keep('simulation', async (until) => world.play?.(machine.state, until));
  // Released first: what streams ends, so that nothing has to be waited for.
  scope.use(() => ending.abort());
  const booting = bootOrGoDown(machine, { sequences, power }, lifetime);
  await machine.services.followSupervisor((action) => {
    power.request({ kind: action === 'reboot' ? 'reboot' : 'shutdown' }, { isForced: true });
  });
  ending.abort();
  await booting;
  await power.idle();
  if (!signal.aborted) throw new Fault('unavailable', 'the connection to init has ended');
}

function livingServices({ services }: Machine): readonly string[] {
  return services.list().flatMap(({ id, pid }) => (pid === undefined ? [] : [id]));
}

function secretsDeps(machine: Machine): SecretsDeps {
  const { state, clock, log, config, paths, host, release } = machine;
  const keep = fileKeep(host.files, paths.certificatesFile, log);
  const operatingSystem = operatingSystemOf(release);
  return { state, clock, log, keep, operatingSystem, controlPlaneEndpoint: () => config.current?.cluster.endpoint ?? '' };
}

/** What only shows what the machine is leaves a whole machine's processors to its boot, until the API is up, for a while. */
async function untilApiIsUp({ services, platform, mayMount, clock, supervisor }: Machine, signal: AbortSignal): Promise<void> {
  if (platform !== 'metal' || !mayMount || !isFirstStart({ supervisor })) return;
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  await Promise.race([services.untilUp('apid', until), clock.sleep(API_PATIENCE_MS, until)]).catch(() => undefined);
  stop.abort();
}

interface Serving {
  readonly machine: Machine;
  readonly power: PowerControl;
  readonly sequences: SequenceRunner<Machine>;
  readonly lifetime: AbortSignal;
}

async function serveApi({ world }: RunOptions, { machine, power, sequences, lifetime }: Serving, scope: Scope): Promise<void> {
  const { paths, log, config, services, recorder } = machine;
  const uid = DAEMON_UID.apid;
  const byRole = authorizeByRole(() => (config.current === undefined ? 'maintenance' : 'configured'));
  const localRoot = recordingWrites(recorder, authorizeLocalRoot, () => 'local root');
  scope.use(
    await serve({
      listen: { kind: 'unix', path: paths.machineSocket, ...(world.isNode ? { mode: 0o660, uid, gid: uid } : {}) },
      services: machineServices({ machine, power, sequences, emitYaml: toYamlText, lifetime }),
      log,
      authorize: recordingWrites(recorder, byRole, forwardedFrom),
      admit: async (socket) => {
        if (await world.isProcess(socket, { uid, pid: services.pidOf('apid') })) return true;
        if (await world.isLocalRoot(socket)) return localRoot;
        log.warn({}, 'a stranger on machine.sock was turned away');
        return false;
      },
    }),
  );
}

/** What the dashboard of the console may see; nothing is served where there is no screen. */
async function serveDashboard(
  { world }: RunOptions,
  { machine, power, sequences, lifetime }: Serving,
  scope: Scope,
): Promise<void> {
  if (!mayHaveDashboard(machine) || (await dashboardConsole(machine.host.files)) === undefined) return;
  const { paths, log, config, services } = machine;
  scope.use(
    await serve({
      listen: { kind: 'unix', path: paths.dashboardSocket, mode: 0o600, uid: DASHBOARD_UID, gid: DASHBOARD_UID },
      services: machineServices({ machine, power, sequences, emitYaml: toYamlText, lifetime }),
      log,
      authorize: authorizeReader(() => (config.current === undefined ? 'maintenance' : 'configured')),
      admit: (socket) => world.isProcess(socket, { uid: DASHBOARD_UID, pid: services.pidOf('dashboard') }),
    }),
  );
}

interface Sequencing {
  readonly sequences: SequenceRunner<Machine>;
  readonly power: PowerControl;
}

/** Boots, again and again until it works; or goes on with going down where the last machined was killed. */
async function bootOrGoDown(machine: Machine, { sequences, power }: Sequencing, signal: AbortSignal): Promise<void> {
  const { memory, status, log, clock } = machine;
  if (memory.value.goingDown !== undefined) {
    power.request(memory.value.goingDown, { isForced: true });
    return;
  }
  if (memory.value.isBooted) status.assumeNetwork();
  await status.setStage(memory.value.isBooted ? Stage.MACHINE_STAGE_RUNNING : Stage.MACHINE_STAGE_BOOTING);
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      await sequences.run(INITIALIZE, { actorId: '' }, signal);
      await sequences.run(BOOT, { actorId: '' }, signal);
      await memory.update({ isBooted: true });
      await status.setStage(Stage.MACHINE_STAGE_RUNNING);
      return;
    } catch (e) {
      // Another sequence has taken over, or machined is stopping.
      if (signal.aborted || isFault(e, 'cancelled') || isFault(e, 'precondition')) return;
      log.error({ err: messageOf(e), attempt }, 'the boot failed, trying again');
      await clock.sleep(backoffMs(RETRY, attempt), signal).catch(() => undefined);
    }
  }
}
