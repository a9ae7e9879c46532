import {
  type BlockMountSpec,
  BlockMountStatusSpec,
  DiscoveredVolumeSpec,
  type MountRequestSpec,
  SystemDiskSpec,
  VolumeStatusSpec,
} from '@minos/api/resource-specs';
import type { YamlValue } from '../resource-type.ts';
import { defineType, omitEmpty } from './define-type.ts';
import { ENCRYPTION_PROVIDER, FILESYSTEM_TYPE, textOf, VOLUME_PHASE, VOLUME_TYPE } from './enum-text.ts';

interface Duration {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** `168h0m0s`, as Go prints a duration of whole seconds; undefined for none. */
function durationText(duration: Duration | undefined): string | undefined {
  if (duration === undefined) return undefined;
  const { seconds } = duration;
  return `${seconds / 3600n}h${(seconds % 3600n) / 60n}m${seconds % 60n}s`;
}

function encryptionText(provider: number): string | undefined {
  return provider === 0 ? undefined : textOf(ENCRYPTION_PROVIDER, provider);
}

/** What is on disks and partitions; id = kernel name. */
export const discoveredVolumeType = defineType<DiscoveredVolumeSpec>({
  type: 'DiscoveredVolumes.block.talos.dev',
  displayType: 'DiscoveredVolume',
  namespace: 'runtime',
  aliases: ['discoveredvolume', 'dv', 'dvs'],
  columns: ['Type=.type', 'Size=.pretty_size', 'Discovered=.name', 'Label=.label', 'PartitionLabel=.partition_label'],
  codec: DiscoveredVolumeSpec,
  toYaml: (s) => ({
    dev_path: s.devPath,
    type: s.type,
    device_path: s.devicePath,
    ...omitEmpty({ parent: s.parent, parent_dev_path: s.parentDevPath }),
    pretty_size: s.prettySize,
    size: s.size,
    ...omitEmpty({ offset: s.offset, sector_size: s.sectorSize, io_size: s.ioSize }),
    name: s.name,
    ...omitEmpty({
      uuid: s.uuid,
      label: s.label,
      block_size: s.blockSize,
      filesystem_block_size: s.filesystemBlockSize,
      probed_size: s.probedSize,
      partition_uuid: s.partitionUuid,
      partition_type: s.partitionType,
      partition_label: s.partitionLabel,
      partition_index: s.partitionIndex,
    }),
  }),
});

/** The disk that the system is on; id = `system-disk`. */
export const systemDiskType = defineType<SystemDiskSpec>({
  type: 'SystemDisks.block.talos.dev',
  displayType: 'SystemDisk',
  namespace: 'runtime',
  aliases: ['systemdisk', 'sd', 'sds'],
  columns: ['Disk=.diskID'],
  codec: SystemDiskSpec,
  toYaml: (s) => ({ diskID: s.diskId, devPath: s.devPath }),
});

/** Volumes that are mounted; id = volume. */
export const blockMountStatusType = defineType<BlockMountStatusSpec>({
  type: 'MountStatuses.block.talos.dev',
  displayType: 'MountStatus',
  namespace: 'runtime',
  aliases: ['mountstatus', 'ms'],
  columns: ['Source=.source', 'Target=.target', 'Filesystem=.filesystem', 'Volume=.spec.volumeID'],
  codec: BlockMountStatusSpec,
  toYaml: (s) => ({
    spec: s.spec === undefined ? {} : mountRequestYaml(s.spec),
    target: s.target,
    source: s.source,
    filesystem: textOf(FILESYSTEM_TYPE, s.filesystem),
    readOnly: s.readOnly,
    projectQuotaSupport: s.projectQuotaSupport,
    ...omitEmpty({ encryptionProvider: encryptionText(s.encryptionProvider) }),
    detached: s.detached,
  }),
});

function mountRequestYaml(s: MountRequestSpec): YamlValue {
  return {
    volumeID: s.volumeId,
    ...omitEmpty({ parentID: s.parentMountId }),
    requesters: s.requesters,
    requesterIDs: s.requesterIDs,
    readOnly: s.readOnly,
    detached: s.detached,
    ...omitEmpty({ disableAccessTime: s.disableAccessTime, secure: s.secure, noExec: s.noExec }),
  };
}

/** Volumes and what became of them; id = `STATE`, `EPHEMERAL`, … */
export const volumeStatusType = defineType<VolumeStatusSpec>({
  type: 'VolumeStatuses.block.talos.dev',
  displayType: 'VolumeStatus',
  namespace: 'runtime',
  aliases: ['volumestatus', 'vs'],
  columns: ['Type=.type', 'Phase=.phase', 'Location=.location', 'Size=.prettySize'],
  codec: VolumeStatusSpec,
  toYaml: (s) => ({
    phase: textOf(VOLUME_PHASE, s.phase),
    type: textOf(VOLUME_TYPE, s.type),
    ...omitEmpty({
      location: s.location,
      mountLocation: s.mountLocation,
      partitionIndex: s.partitionIndex,
      parentLocation: s.parentLocation,
      uuid: s.uuid,
      partitionUUID: s.partitionUuid,
      size: s.size,
      prettySize: s.prettySize,
      filesystem: s.filesystem === 0 ? undefined : textOf(FILESYSTEM_TYPE, s.filesystem),
      encryptionProvider: encryptionText(s.encryptionProvider),
      errorMessage: s.errorMessage,
      preFailPhase: s.preFailPhase === 0 ? undefined : textOf(VOLUME_PHASE, s.preFailPhase),
      mountSpec: s.mountSpec && mountSpecYaml(s.mountSpec),
      symlink: s.symlinkSpec && { symlinkTargetPath: s.symlinkSpec.symlinkTargetPath, force: s.symlinkSpec.force },
      parentID: s.parentId,
      trimEnabled: s.trimEnabled,
      trimInterval: durationText(s.trimInterval),
      scrubEnabled: s.scrubEnabled,
      scrubInterval: durationText(s.scrubInterval),
      ...encryptionYaml(s),
    }),
  }),
});

function encryptionYaml(s: VolumeStatusSpec): Readonly<Record<string, YamlValue | undefined>> {
  return {
    configuredEncryptionKeys: s.configuredEncryptionKeys,
    encryptionFailedSyncs: s.encryptionFailedSyncs,
    encryptionLockedToState: s.encryptionLockedToState,
    encryptionSlot: s.encryptionSlot,
    encryptionAllowDiscards: s.encryptionAllowDiscards,
    tpmEncryptionOptions: s.tpmEncryptionOptions && {
      pcrs: s.tpmEncryptionOptions.pcRs,
      pubKeyPCRs: s.tpmEncryptionOptions.pubKeyPcRs,
    },
  };
}

function mountSpecYaml(s: BlockMountSpec): YamlValue {
  return {
    targetPath: s.targetPath,
    selinuxLabel: s.selinuxLabel,
    projectQuotaSupport: s.projectQuotaSupport,
    ...omitEmpty({
      parentId: s.parentId,
      fileMode: s.fileMode,
      uid: s.uid,
      gid: s.gid,
      recursiveRelabel: s.recursiveRelabel,
      bindTarget: s.bindTarget,
      parameters: s.parameters.map((p) => ({ name: p.name, string: p.string })),
      secure: s.secure,
      noExec: s.noExec,
    }),
  };
}
