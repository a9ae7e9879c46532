import { hasCode, type Logger, messageOf } from '@minos/base';
import type { Files } from '@minos/host';
import { LABEL_BYTES, type VolumeLabel, volumeLabel } from './volume-label.ts';

/** A block device with a file system. */
export interface Volume extends VolumeLabel {
  /** `/dev/vdb`. */
  readonly device: string;
}

const BLOCK_DEVICES = '/sys/class/block';
/** Made of others, or of memory. */
const NOT_DISKS = /^(loop|ram|zram|dm-)/;

/** The file systems on the disks and partitions of this machine, by device name. A device that cannot be read is passed over. */
export async function findVolumes(files: Files, log: Logger, signal: AbortSignal): Promise<readonly Volume[]> {
  const volumes: Volume[] = [];
  for (const name of await blockDevices(files)) {
    if (NOT_DISKS.test(name)) continue;
    const device = `/dev/${name}`;
    try {
      const found = volumeLabel(await readStart(files, device, signal));
      if (found !== undefined) volumes.push({ device, ...found });
    } catch (e) {
      log.debug({ device, err: messageOf(e) }, 'disk cannot be read');
    }
  }
  return volumes;
}

async function blockDevices(files: Files): Promise<readonly string[]> {
  try {
    return await files.list(BLOCK_DEVICES);
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return [];
    throw e;
  }
}

async function readStart(files: Files, path: string, signal: AbortSignal): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of files.stream(path, signal)) {
    parts.push(part);
    length += part.length;
    if (length >= LABEL_BYTES) break;
  }
  return Buffer.concat(parts);
}
