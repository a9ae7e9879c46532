import { messageOf } from '@minos/base';
import { diagnosticType } from '@minos/resource';
import type { Machine } from '../runtime/machine.ts';
import { readAttribute } from '../runtime/read-attribute.ts';
import { type Capacity, GROUP_LIMITS, type Limits, limitFiles, SERVICE_LIMITS } from './cgroup-limits.ts';
import { CGROUP_ROOT } from './cgroup-root.ts';

/** Id of the Diagnostic that says that services run without limits. */
export const NO_LIMITS_DIAGNOSTIC = 'cgroup-limits';
const WANTED = ['memory', 'pids', 'cpu'] as const;

/**
 * Makes the cgroups of the services with their limits, before the services are started. What the kernel refuses is logged, and
 * the node goes on; where it hands out no controllers (cgroup v1, or a host that gives none to its nodes), that is said once.
 */
export async function limitServices(machine: Machine): Promise<void> {
  const { files } = machine.host;
  const missing = missingControllers(await readAttribute(files, `${CGROUP_ROOT}/cgroup.controllers`));
  if (missing.length > 0) return sayUnlimited(machine, missing);
  const capacity = {
    cores: countCores(await readAttribute(files, '/sys/devices/system/cpu/online')),
    memoryMib: totalMib(await readAttribute(files, '/proc/meminfo')),
  };
  const controllers = { 'cgroup.subtree_control': WANTED.map((name) => `+${name}`).join(' ') };
  await write(machine, controllers, CGROUP_ROOT);
  for (const [name, limits] of Object.entries(GROUP_LIMITS))
    await makeGroup(machine, `${CGROUP_ROOT}/${name}`, { limits, capacity });
  await write(machine, controllers, `${CGROUP_ROOT}/system`);
  for (const [name, limits] of Object.entries(SERVICE_LIMITS))
    await makeGroup(machine, `${CGROUP_ROOT}/system/${name}`, { limits, capacity });
}

/** The controllers that limits need and that the text of cgroup.controllers does not name; pure. */
export function missingControllers(text: string): readonly string[] {
  const there = text.split(/\s+/);
  return WANTED.filter((name) => !there.includes(name));
}

/** How many processors a list such as `0-3,6` names (cpusets in Documentation/admin-guide/cputopology.rst); at least one. Pure. */
export function countCores(list: string): number {
  const ranges = [...list.matchAll(/(\d+)(?:-(\d+))?/g)];
  return Math.max(
    1,
    ranges.map(([, from, to]) => Number(to ?? from) - Number(from) + 1).reduce((a, b) => a + b, 0),
  );
}

/** The memory of the machine by the text of /proc/meminfo; without end where it does not say. Pure. */
export function totalMib(meminfo: string): number {
  const kib = /^MemTotal:\s+(\d+) kB/m.exec(meminfo)?.[1];
  return kib === undefined ? Number.MAX_SAFE_INTEGER : Number(kib) / 1024;
}

/** A node in a container is at its host's mercy, which is nothing to mend in the node: there it is only logged. */
async function sayUnlimited({ log, state, platform }: Machine, missing: readonly string[]): Promise<void> {
  log.warn({ missing }, 'no cgroup v2 controllers: services run without memory and CPU limits');
  if (platform !== 'metal') return;
  const message = 'services run without memory and CPU limits';
  const details = [`the kernel hands out no cgroup v2 controllers ${missing.join(', ')} at ${CGROUP_ROOT}`];
  await state.as('runtime.DiagnosticsController').put(diagnosticType, NO_LIMITS_DIAGNOSTIC, { message, details });
}

/** The same for one service that only some nodes have. */
export async function limitService(machine: Machine, id: string, limits: Limits): Promise<void> {
  const { files } = machine.host;
  if (missingControllers(await readAttribute(files, `${CGROUP_ROOT}/cgroup.controllers`)).length > 0) return;
  const capacity = {
    cores: countCores(await readAttribute(files, '/sys/devices/system/cpu/online')),
    memoryMib: totalMib(await readAttribute(files, '/proc/meminfo')),
  };
  await makeGroup(machine, `${CGROUP_ROOT}/system/${id}`, { limits, capacity });
}

interface Share {
  readonly limits: Limits;
  readonly capacity: Capacity;
}

async function makeGroup(machine: Machine, path: string, { limits, capacity }: Share): Promise<void> {
  await machine.host.files.makeDirectory(path, { mode: 0o755 });
  await write(machine, limitFiles(limits, capacity), path);
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
