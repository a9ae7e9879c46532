import { messageOf } from '@minos/base';
import type { Machine } from './machine.ts';

/** A kernel parameter (sysctl(8)) that every node sets, and why. */
export interface KernelParameter {
  readonly path: string;
  readonly value: string;
}

/**
 * In boot order. With promote_secondaries the other addresses of a subnet stay when its primary one is deleted
 * (ip-sysctl.rst): what nobody asked us to touch is not lost with what was.
 */
export const KERNEL_PARAMETERS: readonly KernelParameter[] = [
  { path: '/proc/sys/net/ipv4/conf/all/promote_secondaries', value: '1' },
  { path: '/proc/sys/net/ipv4/conf/default/promote_secondaries', value: '1' },
];

/** Sets them; one that this kernel lacks, or does not let us set, is logged and left. */
export async function setKernelParameters({ host, log }: Pick<Machine, 'host' | 'log'>): Promise<void> {
  for (const { path, value } of KERNEL_PARAMETERS) {
    try {
      await host.files.write(path, `${value}\n`);
    } catch (e) {
      log.warn({ path, value, err: messageOf(e) }, 'kernel parameter could not be set');
    }
  }
}
