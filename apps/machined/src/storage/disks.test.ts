import { expect, test } from '@jest/globals';
import { BlockFilesystemType as FilesystemType, MountStatusSpec, BlockVolumeType as VolumeType } from '@minos/api/resource-specs';
import { Disk_DiskType as DiskType } from '@minos/api/storage';
import { linuxHost } from '@minos/host/linux';
import { blockDeviceOf } from './block-devices.ts';
import { discoveredOf, systemDiskOf } from './discovery-controller.ts';
import { diskMessageOf, diskSpecOf, prettySize } from './disk-messages.ts';
import { type DiskFacts, readDisks } from './read-disks.ts';
import { mountOf, volumeOf } from './volumes-controller.ts';

const DISK: DiskFacts = {
  name: 'nvme0n1',
  sizeBytes: 1_000_204_886_016n,
  ioBytes: 512n,
  sectorBytes: 512n,
  isReadonly: false,
  isRotational: false,
  isRemovable: false,
  model: 'Fast One',
  serial: 'S1',
  modalias: '',
  wwid: 'eui.0025',
  uuid: '',
  firmware: '1.0',
  busPath: '/pci0000:00/0000:00:1d.0',
  transport: 'nvme',
  secondaries: [],
};

test('a disk is the same as resource and as answer', () => {
  expect(diskSpecOf(DISK)).toMatchObject({
    size: DISK.sizeBytes,
    prettySize: '1.0 TB',
    devPath: '/dev/nvme0n1',
    transport: 'nvme',
    cdrom: false,
  });
  expect(diskMessageOf(DISK)).toMatchObject({
    size: DISK.sizeBytes,
    deviceName: '/dev/nvme0n1',
    type: DiskType.NVME,
    serial: 'S1',
  });
});

test('the kind of a disk follows from what it is', () => {
  const kindOf = (change: Partial<DiskFacts>) => diskMessageOf({ ...DISK, transport: 'sata', ...change }).type;
  expect(kindOf({})).toBe(DiskType.SSD);
  expect(kindOf({ isRotational: true })).toBe(DiskType.HDD);
  expect(kindOf({ transport: 'mmc' })).toBe(DiskType.SD);
  expect(kindOf({ name: 'sr0' })).toBe(DiskType.CD);
});

test('sizes are for people', () => {
  expect([0n, 999n, 1000n, 21_474_836_480n, 999_950_000n].map(prettySize)).toEqual(['0 B', '999 B', '1.0 kB', '21 GB', '1.0 GB']);
});

test('a partition knows its disk, a disk has none', () => {
  const uevent = 'MAJOR=254\nMINOR=1\nDEVNAME=vda1\nDEVTYPE=partition\nPARTN=1\nPARTNAME=EFI';
  const path = '/sys/devices/pci0000:00/virtio1/block/vda/vda1';
  expect(blockDeviceOf({ uevent, generation: '7', path, secondaries: [] })).toEqual({
    type: 'partition',
    major: 254n,
    minor: 1n,
    partitionName: 'EFI',
    partitionNumber: 1n,
    generation: 7n,
    devicePath: '/devices/pci0000:00/virtio1/block/vda/vda1',
    parent: 'vda',
    secondaries: [],
  });
  expect(
    blockDeviceOf({ uevent: 'DEVTYPE=disk', generation: '', path: '/sys/devices/block/vda', secondaries: [] }),
  ).toMatchObject({ type: 'disk', parent: '' });
});

test('the disks of this machine have sizes, and memory is none of them', async () => {
  const disks = await readDisks(linuxHost().files);
  expect(disks.every(({ sizeBytes, sectorBytes }) => sizeBytes > 0n && sectorBytes >= 512n)).toBe(true);
  expect(disks.filter(({ name }) => /^(z?ram|dm-)/.test(name))).toEqual([]);
});

const mounted = (source: string, filesystemType: string, options: readonly string[] = []) =>
  MountStatusSpec.fromPartial({ source, target: '/var', filesystemType, options: [...options] });

test('a volume is a partition, a disk, memory, or a folder from outside', () => {
  const typeOf = (source: string, filesystemType: string) => volumeOf(mounted(source, filesystemType), 5_000_000n).type;
  expect([typeOf('/dev/vda2', 'xfs'), typeOf('/dev/vdb', 'ext4'), typeOf('tmpfs', 'tmpfs'), typeOf('/x', 'overlay')]).toEqual([
    VolumeType.VOLUME_TYPE_PARTITION,
    VolumeType.VOLUME_TYPE_DISK,
    VolumeType.VOLUME_TYPE_TMPFS,
    VolumeType.VOLUME_TYPE_DIRECTORY,
  ]);
  expect(volumeOf(mounted('/dev/vda2', 'xfs'), 5_000_000n)).toMatchObject({ location: '/dev/vda2', prettySize: '5.0 MB' });
  expect(mountOf('STATE', mounted('/dev/vda2', 'xfs', ['ro']))).toMatchObject({
    spec: { volumeId: 'STATE', readOnly: true },
    filesystem: FilesystemType.FILESYSTEM_TYPE_XFS,
    readOnly: true,
  });
});

test('what is on a partition is told with its disk; the system is on the disk of STATE', () => {
  const uevent = 'MAJOR=254\nMINOR=2\nDEVTYPE=partition\nPARTN=2\nPARTNAME=STATE';
  const path = '/sys/devices/pci0000:00/virtio1/block/vda/vda2';
  const device = blockDeviceOf({ uevent, generation: '', path, secondaries: [] });
  const volume = { device: '/dev/vda2', fsType: 'xfs', label: 'STATE' } as const;
  expect(discoveredOf('vda2', device, { sizeBytes: 1_000_000n, offsetBytes: 512n, volume })).toMatchObject({
    ...{ type: 'partition', name: 'xfs', label: 'STATE', partitionLabel: 'STATE', partitionIndex: 2n, offset: 512n },
    ...{ parent: 'vda', parentDevPath: '/dev/vda', devPath: '/dev/vda2', prettySize: '1.0 MB' },
  });
  const disk = blockDeviceOf({ uevent: 'DEVTYPE=disk', generation: '', path: '/sys/devices/block/vda', secondaries: [] });
  const devices = new Map([
    ['vda', disk],
    ['vda2', device],
  ]);
  expect(systemDiskOf('/dev/vda2', devices)).toEqual({ diskId: 'vda', devPath: '/dev/vda' });
  expect(systemDiskOf('/dev/vda', devices)).toEqual({ diskId: 'vda', devPath: '/dev/vda' });
  expect(systemDiskOf('tmpfs', devices)).toBeUndefined();
});
