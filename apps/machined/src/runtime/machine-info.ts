import {
  BootIDSpec,
  IdentitySpec,
  KernelCmdlineSpec,
  MountStatusSpec,
  PlatformMetadataSpec,
  SecurityStateSpec,
  VersionSpec,
} from '@minos/api/resource-specs';
import { hasCode } from '@minos/base';
import type { Files } from '@minos/host';
import {
  bootIdType,
  identityType,
  kernelCmdlineType,
  mountStatusType,
  platformMetadataType,
  securityStateType,
  serviceType,
  versionType,
} from '@minos/resource';
import { type ControllerFacts, exclusive } from '../controller/controller-facts.ts';
import type { Machine } from './machine.ts';

/** What is published here, by whom. */
export const MACHINE_INFO_FACTS: readonly ControllerFacts[] = [
  { name: 'runtime.VersionController', inputs: [], outputs: exclusive(versionType) },
  { name: 'runtime.PlatformController', inputs: [], outputs: exclusive(platformMetadataType) },
  { name: 'runtime.SecurityStateController', inputs: [], outputs: exclusive(securityStateType) },
  { name: 'cluster.NodeIdentityController', inputs: [], outputs: exclusive(identityType) },
  { name: 'runtime.BootIDController', inputs: [], outputs: exclusive(bootIdType) },
  { name: 'runtime.KernelCmdlineController', inputs: [], outputs: exclusive(kernelCmdlineType) },
  { name: 'runtime.MountStatusController', inputs: [], outputs: exclusive(mountStatusType) },
];

const VOLUMES: readonly { readonly id: string; readonly target: string }[] = [
  { id: 'STATE', target: '/system/state' },
  { id: 'EPHEMERAL', target: '/var' },
];

/** Publishes what is known about the machine and does not change while it runs. */
export async function publishMachineInfo(machine: Machine): Promise<void> {
  const { state, platform, release, host } = machine;
  const version = VersionSpec.fromPartial({ name: 'Minos', version: release.tag });
  await state.as('runtime.VersionController').put(versionType, 'version', version);
  const metadata = PlatformMetadataSpec.fromPartial({ platform });
  await state.as('runtime.PlatformController').put(platformMetadataType, 'platformmetadata', metadata);
  // A whole machine has said more about it already.
  if (state.peek(securityStateType, 'securitystate') === undefined) {
    const security = SecurityStateSpec.fromPartial({});
    await state.as('runtime.SecurityStateController').put(securityStateType, 'securitystate', security);
  }
  // It answers, so it runs.
  await state.as('v1alpha1.ServiceController').put(serviceType, 'machined', { running: true, healthy: true, unknown: false });
  const { nodeId } = machine.identity;
  await state.as('cluster.NodeIdentityController').put(identityType, 'local', IdentitySpec.fromPartial({ nodeId }));
  const bootId = await firstLine(host.files, '/proc/sys/kernel/random/boot_id');
  if (bootId !== '') await state.as('runtime.BootIDController').put(bootIdType, 'boot-id', BootIDSpec.fromPartial({ bootId }));
  const cmdline = await firstLine(host.files, '/proc/cmdline');
  if (cmdline !== '') {
    await state
      .as('runtime.KernelCmdlineController')
      .put(kernelCmdlineType, 'cmdline', KernelCmdlineSpec.fromPartial({ cmdline }));
  }
  await publishMounts(machine);
}

async function publishMounts({ state, host }: Machine): Promise<void> {
  await state.as('runtime.MountStatusController').replaceAll(mountStatusType, await readMounts(host.files));
}

/** The volumes of the node that are mounted, by their names. */
export async function readMounts(files: Files): Promise<ReadonlyMap<string, MountStatusSpec>> {
  const table = await readOrEmpty(files, '/proc/self/mountinfo');
  const mounts = new Map<string, MountStatusSpec>();
  for (const { id, target } of VOLUMES) {
    const spec = mountAt(table, target);
    if (spec !== undefined) mounts.set(id, spec);
  }
  return mounts;
}

/** The mount on a target in the text of /proc/self/mountinfo (proc_pid_mountinfo(5)); the last one, which is on top. */
export function mountAt(table: string, target: string): MountStatusSpec | undefined {
  const fields = table
    .split('\n')
    .map((line) => line.split(' '))
    .findLast((line) => line[4] === target);
  if (fields === undefined) return undefined;
  const end = fields.indexOf('-');
  const [filesystemType = '', source = ''] = fields.slice(end + 1);
  return MountStatusSpec.fromPartial({ source, target, filesystemType, options: (fields[5] ?? '').split(',') });
}

async function firstLine(files: Files, path: string): Promise<string> {
  return (await readOrEmpty(files, path)).split('\n')[0]?.trim() ?? '';
}

async function readOrEmpty(files: Files, path: string): Promise<string> {
  try {
    return await files.readText(path);
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return '';
    throw e;
  }
}
