import type { MountStatusSpec } from '@minos/api/resource-specs';
import {
  BlockMountStatusSpec,
  BlockFilesystemType as FilesystemType,
  BlockVolumePhase as VolumePhase,
  VolumeStatusSpec,
  BlockVolumeType as VolumeType,
} from '@minos/api/resource-specs';
import { blockMountStatusType, volumeStatusType } from '@minos/resource';
import type { Controller } from '../controller/controller.ts';
import { exclusive } from '../controller/controller-facts.ts';
import { readMounts } from '../runtime/machine-info.ts';
import { orNothing } from '../runtime/read-attribute.ts';
import { prettySize } from './disk-messages.ts';

const LOOK_AGAIN_MS = 30_000;

const FILESYSTEMS: Readonly<Record<string, FilesystemType>> = {
  xfs: FilesystemType.FILESYSTEM_TYPE_XFS,
  vfat: FilesystemType.FILESYSTEM_TYPE_VFAT,
  ext4: FilesystemType.FILESYSTEM_TYPE_EXT4,
  iso9660: FilesystemType.FILESYSTEM_TYPE_ISO9660,
  virtiofs: FilesystemType.FILESYSTEM_TYPE_VIRTIOFS,
  btrfs: FilesystemType.FILESYSTEM_TYPE_BTRFS,
};

/** Shows the volumes of the node, which are all mounted from its start on, and how much room they have. */
export const volumesController: Controller = {
  name: 'block.VolumesController',
  inputs: [],
  outputs: exclusive(volumeStatusType, blockMountStatusType),
  everyMs: LOOK_AGAIN_MS,
  reconcile: async ({ host }, writer) => {
    const mounts = [...(await readMounts(host.files))];
    const volumes = await Promise.all(
      mounts.map(async ([id, mount]) => {
        const space = await orNothing(() => host.files.space(mount.target));
        return [id, volumeOf(mount, space?.totalBytes ?? 0n)] as const;
      }),
    );
    await writer.replaceAll(volumeStatusType, new Map(volumes));
    await writer.replaceAll(blockMountStatusType, new Map(mounts.map(([id, mount]) => [id, mountOf(id, mount)])));
  },
};

/** A volume from its mount: a device, memory, or a folder that somebody outside of the node mounted; pure. */
export function volumeOf({ source, target, filesystemType }: MountStatusSpec, sizeBytes: bigint): VolumeStatusSpec {
  const isDevice = source.startsWith('/dev/');
  const type = isDevice
    ? /\d$/.test(source)
      ? VolumeType.VOLUME_TYPE_PARTITION
      : VolumeType.VOLUME_TYPE_DISK
    : filesystemType === 'tmpfs'
      ? VolumeType.VOLUME_TYPE_TMPFS
      : VolumeType.VOLUME_TYPE_DIRECTORY;
  return VolumeStatusSpec.fromPartial({
    phase: VolumePhase.VOLUME_PHASE_READY,
    type,
    ...(isDevice ? { location: source, mountLocation: source } : {}),
    size: sizeBytes,
    prettySize: prettySize(sizeBytes),
    filesystem: FILESYSTEMS[filesystemType] ?? FilesystemType.FILESYSTEM_TYPE_NONE,
    mountSpec: { targetPath: target },
  });
}

/** A volume as it is mounted; pure. */
export function mountOf(id: string, { source, target, filesystemType, options }: MountStatusSpec): BlockMountStatusSpec {
  const readOnly = options.includes('ro');
  return BlockMountStatusSpec.fromPartial({
    spec: { volumeId: id, requesters: ['machined'], requesterIDs: [id], readOnly },
    source,
    target,
    filesystem: FILESYSTEMS[filesystemType] ?? FilesystemType.FILESYSTEM_TYPE_NONE,
    readOnly,
  });
}
