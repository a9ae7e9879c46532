import { hasCode, type Logger } from '@minos/base';
import type { Host } from '@minos/host';
import { findVolumes } from './find-volumes.ts';

/** The label of a disk with a configuration, in either case (the data source NoCloud of cloud-init). */
const LABEL = /^cidata$/i;
const MOUNT_POINT = '/run/machined/config-disk';
const FILE = 'user-data';

/** What reading the configuration disk needs. */
export interface ConfigDiskDeps {
  readonly host: Host;
  readonly log: Logger;
}

/** The machine configuration on the disk labelled `cidata`, and the disk; undefined when there is no such disk, or no configuration on it. */
export async function readConfigDisk(
  { host, log }: ConfigDiskDeps,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly device: string } | undefined> {
  const volumes = await findVolumes(host.files, log, signal);
  const disk = volumes.find((volume) => LABEL.test(volume.label));
  if (disk === undefined) return undefined;
  const { device, fsType } = disk;
  await host.files.makeDirectory(MOUNT_POINT, { mode: 0o700 });
  await host.system.mount({ source: device, target: MOUNT_POINT, fsType, options: ['ro', 'nosuid', 'nodev', 'noexec'] });
  try {
    return { text: await host.files.readText(`${MOUNT_POINT}/${FILE}`), device };
  } catch (e) {
    if (!hasCode(e, 'ENOENT')) throw e;
    log.warn({ device, file: FILE }, 'the configuration disk has no configuration');
    return undefined;
  } finally {
    await host.system.unmount(MOUNT_POINT);
  }
}
