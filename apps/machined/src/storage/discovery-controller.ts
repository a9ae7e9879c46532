import { type DeviceSpec, DiscoveredVolumeSpec, SystemDiskSpec } from '@minos/api/resource-specs';
import type { Files } from '@minos/host';
import { discoveredVolumeType, systemDiskType } from '@minos/resource';
import type { Controller } from '../controller/controller.ts';
import { exclusive } from '../controller/controller-facts.ts';
import { findVolumes, type Volume } from '../metal/find-volumes.ts';
import { readMounts } from '../runtime/machine-info.ts';
import { readAttribute } from '../runtime/read-attribute.ts';
import { readBlockDevices } from './block-devices.ts';
import { prettySize } from './disk-messages.ts';

const LOOK_AGAIN_MS = 60_000;
const SECTOR_BYTES = 512n;
/** Reading the beginning of a disk that answers at all takes no longer. */
const READ_MS = 20_000;
/** Made of others, or of memory. */
const NOT_DISKS = /^(loop|ram|zram|dm-)/;

/** Shows what is on the disks of a machine of its own, and which of them the system is on. In a container the disks are somebody else's. */
export const discoveryController: Controller = {
  name: 'block.DiscoveryController',
  inputs: [],
  outputs: exclusive(discoveredVolumeType, systemDiskType),
  everyMs: LOOK_AGAIN_MS,
  reconcile: async ({ host, log, platform }, writer) => {
    if (platform !== 'metal') return;
    const { files } = host;
    const [devices, volumes, mounts] = await Promise.all([
      readBlockDevices(files),
      findVolumes(files, log, AbortSignal.timeout(READ_MS)),
      readMounts(files),
    ]);
    const found = [...devices].filter(([name]) => !NOT_DISKS.test(name));
    const specs = await Promise.all(
      found.map(async ([name, device]) => [name, discoveredOf(name, device, await factsOf(files, name, volumes))] as const),
    );
    await writer.replaceAll(discoveredVolumeType, new Map(specs.filter(([, { size }]) => size > 0n)));
    const disk = systemDiskOf(mounts.get('STATE')?.source ?? '', devices);
    await writer.replaceAll(systemDiskType, new Map(disk === undefined ? [] : [['system-disk', disk]]));
  },
};

/** What else is known about a block device. */
export interface VolumeFacts {
  readonly sizeBytes: bigint;
  readonly offsetBytes: bigint;
  readonly volume: Volume | undefined;
}

async function factsOf(files: Files, name: string, volumes: readonly Volume[]): Promise<VolumeFacts> {
  const [size, start] = await Promise.all(
    ['size', 'start'].map((file) => readAttribute(files, `/sys/class/block/${name}/${file}`)),
  );
  const bytes = (sectors: string | undefined): bigint => (/^\d+$/.test(sectors ?? '') ? BigInt(sectors ?? 0) * SECTOR_BYTES : 0n);
  return { sizeBytes: bytes(size), offsetBytes: bytes(start), volume: volumes.find(({ device }) => device === `/dev/${name}`) };
}

/** A disk or partition with what was found on it; pure. */
export function discoveredOf(
  name: string,
  device: DeviceSpec,
  { sizeBytes, offsetBytes, volume }: VolumeFacts,
): DiscoveredVolumeSpec {
  return DiscoveredVolumeSpec.fromPartial({
    size: sizeBytes,
    prettySize: prettySize(sizeBytes),
    offset: offsetBytes,
    name: volume?.fsType ?? '',
    label: volume?.label ?? '',
    type: device.type,
    devicePath: device.devicePath,
    devPath: `/dev/${name}`,
    parent: device.parent,
    parentDevPath: device.parent === '' ? '' : `/dev/${device.parent}`,
    partitionLabel: device.partitionName,
    partitionIndex: device.partitionNumber,
  });
}

/** The disk of the device that STATE is mounted from; undefined when it is in memory. Pure. */
export function systemDiskOf(source: string, devices: ReadonlyMap<string, DeviceSpec>): SystemDiskSpec | undefined {
  const name = source.replace(/^\/dev\//, '');
  const device = devices.get(name);
  if (device === undefined || name === source) return undefined;
  const diskId = device.parent === '' ? name : device.parent;
  return SystemDiskSpec.fromPartial({ diskId, devPath: `/dev/${diskId}` });
}
