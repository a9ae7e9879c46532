import { hasCode, type Logger } from '@minos/base';
import type { Host } from '@minos/host';
import { findVolumes } from './find-volumes.ts';

const MOUNT_POINT = '/run/machined/config-disk';

/** What reading the configuration disk needs. */
export interface ConfigDiskDeps {
  readonly host: Host;
  readonly log: Logger;
}

/** Which disk, and which of its files. */
export interface ConfigDisk {
  readonly label: RegExp;
  readonly file: string;
}

/** The machine configuration on a labelled disk, such as the `cidata` of cloud-init's NoCloud, and the disk; undefined when there is no such disk, or no configuration on it. */
export async function readConfigDisk(
  { host, log }: ConfigDiskDeps,
  { label, file }: ConfigDisk,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly device: string } | undefined> {
  const volumes = await findVolumes(host.files, log, signal);
  const disk = volumes.find((volume) => label.test(volume.label));
  if (disk === undefined) return undefined;
  const { device, fsType } = disk;
  await host.files.makeDirectory(MOUNT_POINT, { mode: 0o700 });
  await host.system.mount({ source: device, target: MOUNT_POINT, fsType, options: ['ro', 'nosuid', 'nodev', 'noexec'] });
  try {
    return { text: await host.files.readText(`${MOUNT_POINT}/${file}`), device };
  } catch (e) {
    if (!hasCode(e, 'ENOENT')) throw e;
    log.warn({ device, file }, 'the configuration disk has no configuration');
    return undefined;
  } finally {
    await host.system.unmount(MOUNT_POINT);
  }
}
