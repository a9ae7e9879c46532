import type { Machine } from '../runtime/machine.ts';

/** Whether the configuration makes this node a control plane. */
export function isControlPlane({ config }: Pick<Machine, 'config'>): boolean {
  return config.current !== undefined && config.current.machineType !== 'worker';
}
