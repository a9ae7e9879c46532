import { Fault } from '@minos/base';
import type { MachineConfig } from '@minos/config';

/** Refuses a configuration that makes a configured node something else than it is; throws `precondition`. */
export function checkMachineType(current: MachineConfig | undefined, next: MachineConfig): void {
  const isControlPlane = (config: MachineConfig): boolean => config.machineType !== 'worker';
  if (current === undefined || isControlPlane(current) === isControlPlane(next)) return;
  throw new Fault(
    'precondition',
    `machine.type is ${current.machineType} on this node and ${next.machineType} in the configuration; reset the node to make it something else`,
  );
}
