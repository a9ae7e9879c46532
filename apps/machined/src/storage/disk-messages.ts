import { DiskSpec } from '@minos/api/resource-specs';
import { Disk, Disk_DiskType as DiskType } from '@minos/api/storage';
import type { DiskFacts } from './read-disks.ts';

const SUBSYSTEM = '/sys/class/block';
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A disk as a resource; pure. */
export function diskSpecOf(disk: DiskFacts): DiskSpec {
  return DiskSpec.fromPartial({
    size: disk.sizeBytes,
    ioSize: disk.ioBytes,
    sectorSize: disk.sectorBytes,
    readonly: disk.isReadonly,
    model: disk.model,
    serial: disk.serial,
    modalias: disk.modalias,
    wwid: disk.wwid,
    busPath: disk.busPath,
    subSystem: SUBSYSTEM,
    transport: disk.transport,
    rotational: disk.isRotational,
    cdrom: isCdrom(disk),
    devPath: `/dev/${disk.name}`,
    prettySize: prettySize(disk.sizeBytes),
    secondaryDisks: [...disk.secondaries],
    uuid: disk.uuid,
    firmwareVersion: disk.firmware,
  });
}

/** A disk as storage.StorageService answers it; pure. */
export function diskMessageOf(disk: DiskFacts): Disk {
  return Disk.fromPartial({
    size: disk.sizeBytes,
    model: disk.model,
    deviceName: `/dev/${disk.name}`,
    serial: disk.serial,
    modalias: disk.modalias,
    uuid: disk.uuid,
    wwid: disk.wwid,
    type: typeOf(disk),
    busPath: disk.busPath,
    subsystem: SUBSYSTEM,
    readonly: disk.isReadonly,
  });
}

/** Bytes for people, in powers of 1000: `21 GB`, `1.0 TB`; pure. */
export function prettySize(bytes: bigint): string {
  let value = Number(bytes);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

function isCdrom({ name }: DiskFacts): boolean {
  return /^sr\d/.test(name);
}

function typeOf(disk: DiskFacts): DiskType {
  if (isCdrom(disk)) return DiskType.CD;
  if (disk.transport === 'nvme') return DiskType.NVME;
  if (disk.transport === 'mmc') return DiskType.SD;
  return disk.isRotational ? DiskType.HDD : DiskType.SSD;
}
