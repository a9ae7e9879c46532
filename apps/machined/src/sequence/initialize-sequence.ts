import { ConfigLoadErrorEvent, ConfigValidationErrorEvent } from '@minos/api/machine';
import { RuntimeMachineStage as Stage } from '@minos/api/resource-specs';
import { formatProblems, hasCode, isFault, messageOf } from '@minos/base';
import { diagnosticType } from '@minos/resource';
import { limitServices } from '../cgroup/limit-services.ts';
import { enforceHardening } from '../kernel/kernel-hardening.ts';
import { runMaintenance } from '../maintenance/run-maintenance.ts';
import { fetchConfig } from '../metal/fetch-config.ts';
import { publishInForce } from '../node-config/apply-config.ts';
import { isControlPlane } from '../node-config/is-control-plane.ts';
import type { DaemonName } from '../runtime/daemon-access.ts';
import { setKernelParameters } from '../runtime/kernel-parameters.ts';
import type { Machine } from '../runtime/machine.ts';
import { publishMachineInfo } from '../runtime/machine-info.ts';
import { isFirstStart } from './early-services.ts';
import type { Sequence } from './sequence.ts';

/** Id of the Diagnostic that says that the configuration on STATE is wrong. */
export const CONFIG_DIAGNOSTIC = 'machine-configuration';
const TMPFS = ['/run', '/system', '/tmp'] as const;

/** Brings the node so far that it knows who it is and what it is to be. Every task may be run again on a node that runs. */
export const INITIALIZE: Sequence<Machine> = {
  name: 'initialize',
  phases: [
    {
      name: 'systemRequirements',
      isNeeded: (m) => m.mayMount && m.platform === 'metal',
      tasks: [{ name: 'enforceKSPPRequirements', run: enforceHardening }],
    },
    {
      name: 'mounts',
      isNeeded: (m) => m.mayMount && m.platform === 'metal',
      tasks: [{ name: 'mountMissing', run: mountMissing }],
    },
    {
      name: 'cgroups',
      isNeeded: (m) => m.mayMount && !isFirstStart(m),
      tasks: [{ name: 'limitServices', run: limitServices }],
    },
    {
      name: 'kernel',
      isNeeded: (m) => m.mayMount,
      tasks: [{ name: 'setKernelParameters', run: setKernelParameters }],
    },
    { name: 'directories', tasks: [{ name: 'setupDirectories', run: setupDirectories }] },
    {
      name: 'identity',
      tasks: [
        { name: 'loadIdentity', run: (m) => m.identity.load(m.host.system) },
        { name: 'countBoot', run: countBoot },
      ],
    },
    {
      name: 'fetchConfig',
      isNeeded: (m) => m.mayMount && m.platform === 'metal',
      tasks: [{ name: 'fetchConfig', run: fetchConfig }],
    },
    { name: 'info', tasks: [{ name: 'publishMachineInfo', run: publishMachineInfo }] },
    { name: 'config', tasks: [{ name: 'loadConfig', run: loadConfig }] },
  ],
};

async function mountMissing({ host }: Machine): Promise<void> {
  for (const target of TMPFS) {
    const options = ['nosuid', 'nodev', 'noexec', ...(target === '/tmp' ? ['size=64m'] : [])];
    try {
      await host.system.mount({ source: 'tmpfs', target, fsType: 'tmpfs', options });
    } catch (e) {
      if (!isFault(e, 'exists')) throw e;
    }
  }
}

/** Without a place for logs a node still works, and can be looked at. */
async function setupDirectories({ host, paths, log }: Machine): Promise<void> {
  for (const { path, mode, isOptional } of paths.directories) {
    try {
      await host.files.makeDirectory(path, { mode });
    } catch (e) {
      if (isOptional !== true) throw e;
      log.error({ path, err: messageOf(e) }, 'directory cannot be made');
    }
  }
}

/** Counts once for each boot, not for each start of machined. */
async function countBoot({ host, paths, supervisor }: Machine): Promise<void> {
  if (supervisor.machinedStarts > 1) return;
  const text = await host.files.readText(paths.bootCountFile).catch((e: unknown) => {
    if (hasCode(e, 'ENOENT')) return '0';
    throw e;
  });
  const count = /^\d+/.test(text) ? Number.parseInt(text, 10) + 1 : 1;
  await host.files.write(paths.bootCountFile, `${count}\n`, { mode: 0o600, atomic: true });
}

/** Publishes the configuration on STATE; without a usable one, says so and waits until one is applied. */
async function loadConfig(machine: Machine, signal: AbortSignal): Promise<void> {
  const { config, events, log, state, status } = machine;
  const diagnostics = state.as('runtime.DiagnosticsController');
  const loaded = await config.load();
  if (loaded.kind === 'missing') {
    log.warn({}, 'there is no configuration on STATE; waiting for one');
    const error = 'there is no configuration on STATE; apply one';
    events.publish({ kind: 'config-load-error', event: ConfigLoadErrorEvent.fromPartial({ error }) });
  }
  if (loaded.kind === 'wrong') {
    const error = formatProblems(loaded.problems);
    log.error({ problems: error }, 'the configuration on STATE is wrong; waiting for a better one');
    events.publish({ kind: 'config-validation-error', event: ConfigValidationErrorEvent.fromPartial({ error }) });
    const diagnostic = { message: 'the configuration on STATE is wrong; apply a better one', details: error.split('\n') };
    await diagnostics.put(diagnosticType, CONFIG_DIAGNOSTIC, diagnostic);
  }
  if (loaded.kind !== 'loaded') {
    await status.setStage(Stage.MACHINE_STAGE_MAINTENANCE);
    await loadServices(machine, signal);
    await runMaintenance(machine, signal);
    await diagnostics.remove(diagnosticType, CONFIG_DIAGNOSTIC);
    await status.setStage(Stage.MACHINE_STAGE_BOOTING);
  }
  await publishInForce(machine);
  await loadServices(machine, signal);
}

/** Makes the services of this node known, and lets their processes, also those that live already, reach the state. */
async function loadServices(machine: Machine, signal: AbortSignal): Promise<void> {
  const { services, definitions } = machine;
  const ids: readonly DaemonName[] = isControlPlane(machine) ? ['networkd', 'apid', 'trustd'] : ['networkd', 'apid'];
  for (const id of ids) services.load(definitions[id]);
  await Promise.all(ids.map((id) => definitions[id].prepare(signal)));
}
