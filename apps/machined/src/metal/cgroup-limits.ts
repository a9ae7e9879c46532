import { messageOf } from '@minos/base';
import type { DaemonName } from '../runtime/daemon-access.ts';
import type { Machine } from '../runtime/machine.ts';

/** What a cgroup may have of the machine (Documentation/admin-guide/cgroup-v2.rst). */
interface Limits {
  readonly minMib: number;
  readonly lowMib: number;
  /** Undefined for no limit. */
  readonly maxMib: number | undefined;
  readonly cpuWeight: number;
  readonly hasSwap: boolean;
}

const ROOT = '/sys/fs/cgroup';
const MIB = 2 ** 20;
const CONTROLLERS = '+memory +pids +cpu';

/** init's own group has machined in it too. */
const GROUPS: Readonly<Record<'init' | 'system', Limits>> = {
  init: { minMib: 96, lowMib: 192, maxMib: undefined, cpuWeight: 79, hasSwap: false },
  system: { minMib: 96, lowMib: 192, maxMib: undefined, cpuWeight: 59, hasSwap: true },
};
const SERVICES: Readonly<Record<DaemonName, Limits>> = {
  apid: { minMib: 16, lowMib: 32, maxMib: 128, cpuWeight: 20, hasSwap: false },
  trustd: { minMib: 8, lowMib: 16, maxMib: 128, cpuWeight: 10, hasSwap: false },
  networkd: { minMib: 8, lowMib: 16, maxMib: 128, cpuWeight: 10, hasSwap: false },
};

/** The files to write for a group, by name; pure. */
export function limitFiles(limits: Limits): Readonly<Record<string, string>> {
  return {
    'memory.min': String(limits.minMib * MIB),
    'memory.low': String(limits.lowMib * MIB),
    'memory.max': limits.maxMib === undefined ? 'max' : String(limits.maxMib * MIB),
    'memory.swap.max': limits.hasSwap ? 'max' : '0',
    // The whole service goes, not one thread of it: so init sees its end, and it is started again.
    'memory.oom.group': limits.maxMib === undefined ? '0' : '1',
    'cpu.weight': String(limits.cpuWeight),
  };
}

/** Makes the cgroups of the services with their limits, before the services are started. What the kernel refuses is logged, and the node goes on. */
export async function limitServices(machine: Machine): Promise<void> {
  await write(machine, { 'cgroup.subtree_control': CONTROLLERS }, ROOT);
  for (const [name, limits] of Object.entries(GROUPS)) await makeGroup(machine, `${ROOT}/${name}`, limits);
  await write(machine, { 'cgroup.subtree_control': CONTROLLERS }, `${ROOT}/system`);
  for (const [name, limits] of Object.entries(SERVICES)) await makeGroup(machine, `${ROOT}/system/${name}`, limits);
}

async function makeGroup(machine: Machine, path: string, limits: Limits): Promise<void> {
  await machine.host.files.makeDirectory(path, { mode: 0o755 });
  await write(machine, limitFiles(limits), path);
}

async function write({ host, log }: Machine, values: Readonly<Record<string, string>>, group: string): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    try {
      await host.files.write(`${group}/${name}`, value);
    } catch (e) {
      // A kernel without swap accounting has no file for it.
      log.warn({ path: `${group}/${name}`, value, err: messageOf(e) }, 'cgroup limit not set');
    }
  }
}
