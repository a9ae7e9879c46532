import { DeviceSpec, DiskSpec } from '@minos/api/resource-specs';
import { defineType, omitEmpty } from './define-type.ts';

/** Disks; id = kernel name. */
export const diskType = defineType<DiskSpec>({
  type: 'Disks.block.talos.dev',
  displayType: 'Disk',
  namespace: 'runtime',
  aliases: ['disk'],
  columns: [
    'Size=.pretty_size',
    'Read Only=.readonly',
    'Transport=.transport',
    'Rotational=.rotational',
    'WWID=.wwid',
    'Model=.model',
    'Serial=.serial',
  ],
  codec: DiskSpec,
  toYaml: (s) => ({
    size: s.size,
    io_size: s.ioSize,
    sector_size: s.sectorSize,
    readonly: s.readonly,
    ...omitEmpty({
      model: s.model,
      serial: s.serial,
      modalias: s.modalias,
      wwid: s.wwid,
      bus_path: s.busPath,
      sub_system: s.subSystem,
      transport: s.transport,
      rotational: s.rotational,
    }),
    cdrom: s.cdrom,
    dev_path: s.devPath,
    pretty_size: s.prettySize,
    ...omitEmpty({ secondary_disks: s.secondaryDisks, uuid: s.uuid, symlinks: s.symlinks, firmware_version: s.firmwareVersion }),
  }),
});

/** Disks and their partitions; id = kernel name. */
export const blockDeviceType = defineType<DeviceSpec>({
  type: 'BlockDevices.block.talos.dev',
  displayType: 'BlockDevice',
  namespace: 'runtime',
  aliases: ['blockdevice', 'bd', 'bds'],
  columns: ['Type=.type', 'PartitionName=.partitionName', 'Generation=.generation'],
  codec: DeviceSpec,
  toYaml: (s) => ({
    type: s.type,
    major: s.major,
    minor: s.minor,
    ...omitEmpty({ partitionName: s.partitionName, partitionNumber: s.partitionNumber }),
    generation: s.generation,
    devicePath: s.devicePath,
    ...omitEmpty({ parent: s.parent, secondaries: s.secondaries }),
  }),
});
