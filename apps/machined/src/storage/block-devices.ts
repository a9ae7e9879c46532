import { DeviceSpec } from '@minos/api/resource-specs';
import type { Files } from '@minos/host';
import { listAttributes, readAttribute } from '../runtime/read-attribute.ts';

const CLASS = '/sys/class/block';

/** Every block device, disks and partitions, by kernel name. */
export async function readBlockDevices(files: Files): Promise<ReadonlyMap<string, DeviceSpec>> {
  const names = await listAttributes(files, CLASS);
  return new Map(await Promise.all(names.map(async (name) => [name, await readDevice(files, name)] as const)));
}

async function readDevice(files: Files, name: string): Promise<DeviceSpec> {
  const folder = `${CLASS}/${name}`;
  const [uevent, generation, path, secondaries] = await Promise.all([
    readAttribute(files, `${folder}/uevent`),
    readAttribute(files, `${folder}/diskseq`),
    files.realPath(folder),
    listAttributes(files, `${folder}/slaves`),
  ]);
  return blockDeviceOf({ uevent, generation, path, secondaries });
}

/** From the text of a device's `uevent`, its sequence number, its real path below /sys and what it is made of; pure. */
export function blockDeviceOf(told: {
  readonly uevent: string;
  readonly generation: string;
  readonly path: string;
  readonly secondaries: readonly string[];
}): DeviceSpec {
  const fields = new Map(
    told.uevent.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const number = (text: string | undefined): bigint => (/^\d+$/.test(text ?? '') ? BigInt(text ?? 0) : 0n);
  const isPartition = fields.get('DEVTYPE') === 'partition';
  return DeviceSpec.fromPartial({
    type: fields.get('DEVTYPE') ?? '',
    major: number(fields.get('MAJOR')),
    minor: number(fields.get('MINOR')),
    partitionName: fields.get('PARTNAME') ?? '',
    partitionNumber: number(fields.get('PARTN')),
    generation: number(told.generation),
    devicePath: told.path.replace(/^\/sys/, ''),
    parent: isPartition ? (told.path.split('/').at(-2) ?? '') : '',
    secondaries: [...told.secondaries],
  });
}
