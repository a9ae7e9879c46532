import { isFault, messageOf } from '@minos/base';
import type { Mount } from '@minos/host';
import type { Machine } from '../runtime/machine.ts';
import { findVolumes, type Volume } from './find-volumes.ts';

/** What the two writable parts of a node are mounted with. Programs may be run from EPHEMERAL, because the roots of containers are there. */
const PLACES: readonly { readonly label: string; readonly target: string; readonly options: readonly string[] }[] = [
  { label: 'STATE', target: '/system/state', options: ['nosuid', 'nodev', 'noexec'] },
  { label: 'EPHEMERAL', target: '/var', options: ['nosuid', 'nodev'] },
];

/** What to mount as STATE and EPHEMERAL: the first volume of that label, memory where there is none; pure. */
export function planVolumes(volumes: readonly Volume[]): readonly Mount[] {
  return PLACES.map(({ label, target, options }) => {
    const found = volumes.find((volume) => volume.label === label && (volume.fsType === 'ext4' || volume.fsType === 'xfs'));
    if (found === undefined) return { source: 'tmpfs', target, fsType: 'tmpfs', options: [...options, 'mode=0755'] };
    return { source: found.device, target, fsType: found.fsType, options };
  });
}

/** Mounts STATE and EPHEMERAL, before anything is written there. A volume that cannot be mounted is replaced by memory: such a node still answers. */
export async function mountVolumes({ host, log }: Machine, signal: AbortSignal): Promise<void> {
  const volumes = await findVolumes(host.files, log, signal);
  for (const mount of planVolumes(volumes)) {
    const { source, target, fsType, options } = mount;
    try {
      await host.system.mount(mount);
      log.info({ source, target, fsType }, 'volume mounted');
    } catch (e) {
      // There is one already: this machined is not the first of this boot.
      if (isFault(e, 'exists')) continue;
      log.error({ source, target, fsType, err: messageOf(e) }, 'volume cannot be mounted; memory takes its place');
      await host.system.mount({ source: 'tmpfs', target, fsType: 'tmpfs', options: [...options, 'mode=0755'] });
    }
  }
}
