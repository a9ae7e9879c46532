import type { PowerControl } from '../power/power-control.ts';
import { rebootOf, shutdownOf } from '../power/power-request.ts';
import { planReset, type ResetGround } from '../power/reset-request.ts';
import type { Machine } from '../runtime/machine.ts';
import type { MachineHandlers } from './machine-handlers.ts';
import { parseMounts } from './stats/mount-table.ts';

const LABELS: Readonly<Record<string, string>> = { '/system/state': 'STATE', '/var': 'EPHEMERAL' };

/** Reboot, Shutdown and Reset: the answer carries the actor whose events tell how it goes. */
export function powerHandlers(machine: Machine, power: PowerControl): MachineHandlers {
  const answer = (actorId: string) => ({ messages: [{ metadata: undefined, actorId }] });
  return {
    Reboot: async ({ mode }) => answer(power.request(rebootOf(mode))),
    Shutdown: async ({ force }) => answer(power.request(shutdownOf(force), { isForced: true })),
    Reset: async (request) => answer(power.request(planReset(request, await resetGround(machine)))),
  };
}

/** In a container both are folders that are given to the node, whatever lies below them. */
async function resetGround({ host, platform }: Machine): Promise<ResetGround> {
  if (platform !== 'metal') return { disks: [] };
  const mounts = parseMounts(await host.files.readText('/proc/self/mounts'));
  return {
    disks: mounts.flatMap(({ source, target }) => {
      const label = LABELS[target];
      return label !== undefined && source.startsWith('/dev/') ? [{ label, device: source }] : [];
    }),
  };
}
