import { hostnameStatusType } from '@minos/resource';
import type { Machine } from '../runtime/machine.ts';
import type { MachineHandlers } from './machine-handlers.ts';

/** Version and Hostname. */
export function aboutHandlers(machine: Pick<Machine, 'state' | 'host' | 'release' | 'platform'>): MachineHandlers {
  const { state, host, release, platform } = machine;
  return {
    Version: async () => ({
      messages: [
        {
          metadata: undefined,
          version: {
            tag: release.tag,
            sha: release.commit,
            built: release.built,
            goVersion: release.runtimeVersion,
            os: 'linux',
            arch: 'amd64',
          },
          platform: { name: platform, mode: platform },
          features: { rbac: true },
        },
      ],
    }),
    Hostname: async () => {
      const status = await state.get(hostnameStatusType, 'hostname');
      return { messages: [{ metadata: undefined, hostname: status?.spec.hostname ?? (await host.system.hostname()) }] };
    },
  };
}
