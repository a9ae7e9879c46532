import type { PowerControl } from '../power/power-control.ts';
import type { MachineHandlers } from './machine-handlers.ts';

/** Reboot and Shutdown: the answer carries the actor whose events tell how it goes. */
export function powerHandlers(power: PowerControl): MachineHandlers {
  return {
    Reboot: async () => ({ messages: [{ metadata: undefined, actorId: power.request('reboot') }] }),
    Shutdown: async () => ({ messages: [{ metadata: undefined, actorId: power.request('shutdown', { isForced: true }) }] }),
  };
}
