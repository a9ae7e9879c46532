import { expect, test } from '@jest/globals';
import { Disk_DiskType as DiskType } from '@minos/api/storage';
import { linuxHost } from '@minos/host/linux';
import { blockDeviceOf } from './block-devices.ts';
import { diskMessageOf, diskSpecOf, prettySize } from './disk-messages.ts';
import { type DiskFacts, readDisks } from './read-disks.ts';

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
