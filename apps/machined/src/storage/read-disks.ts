import type { Files } from '@minos/host';
import { listAttributes, orNothing, readAttribute } from '../runtime/read-attribute.ts';

/** A disk as /sys/block tells it (Documentation/ABI/stable/sysfs-block). */
export interface DiskFacts {
  /** Such as `vda`. */
  readonly name: string;
  readonly sizeBytes: bigint;
  readonly ioBytes: bigint;
  readonly sectorBytes: bigint;
  readonly isReadonly: boolean;
  readonly isRotational: boolean;
  readonly isRemovable: boolean;
  readonly model: string;
  readonly serial: string;
  readonly modalias: string;
  readonly wwid: string;
  readonly uuid: string;
  readonly firmware: string;
  /** Path below /sys/devices. */
  readonly busPath: string;
  readonly transport: string;
  /** Disks that it is made of. */
  readonly secondaries: readonly string[];
}

const SECTOR_BYTES = 512n;
const BLOCK = '/sys/block';
const DEVICES = '/sys/devices';
/** Made of memory or of other disks, and no disks themselves. */
const NO_DISK = /^(ram|zram|dm-|md)/;
/** Parts of a bus path that tell how a disk is connected, the more telling first. */
const TRANSPORTS: readonly (readonly [RegExp, string])[] = [
  [/\/nvme/, 'nvme'],
  [/\/usb\d/, 'usb'],
  [/\/mmc/, 'mmc'],
  [/\/ata\d/, 'sata'],
  [/\/virtio\d/, 'virtio'],
  [/\/host\d/, 'scsi'],
];

/** Every disk that has a size, by name. */
export async function readDisks(files: Files): Promise<readonly DiskFacts[]> {
  const names = (await listAttributes(files, BLOCK)).filter((name) => !NO_DISK.test(name));
  const disks = await Promise.all(names.map((name) => readDisk(files, name)));
  return disks.filter(({ sizeBytes }) => sizeBytes > 0n);
}

async function readDisk(files: Files, name: string): Promise<DiskFacts> {
  const folder = `${BLOCK}/${name}`;
  const read = (path: string): Promise<string> => readAttribute(files, `${folder}/${path}`);
  const first = async (...paths: readonly string[]): Promise<string> =>
    (await Promise.all(paths.map(read))).find((value) => value !== '') ?? '';
  const path = (await orNothing(() => files.realPath(folder))) ?? '';
  const busPath = path.startsWith(DEVICES) ? path.slice(DEVICES.length, path.lastIndexOf('/block/')) : '';
  return {
    name,
    sizeBytes: number(await read('size')) * SECTOR_BYTES,
    ioBytes: number(await first('queue/optimal_io_size', 'queue/minimum_io_size')) || number(await read('queue/minimum_io_size')),
    sectorBytes: number(await read('queue/logical_block_size')) || SECTOR_BYTES,
    isReadonly: (await read('ro')) === '1',
    isRotational: (await read('queue/rotational')) === '1',
    isRemovable: (await read('removable')) === '1',
    model: await first('device/model'),
    serial: await first('serial', 'device/serial'),
    modalias: await read('device/modalias'),
    wwid: await first('wwid', 'device/wwid'),
    uuid: await first('uuid', 'device/uuid'),
    firmware: await first('device/firmware_rev', 'device/rev'),
    busPath,
    transport: transportOf(`${busPath}/${name}`),
    secondaries: await listAttributes(files, `${folder}/slaves`),
  };
}

function transportOf(path: string): string {
  return TRANSPORTS.find(([pattern]) => pattern.test(path))?.[1] ?? '';
}

function number(text: string): bigint {
  return /^\d+$/.test(text) ? BigInt(text) : 0n;
}
