import { ContainerInfo, type MachineServiceDefinition, Stat } from '@minos/api/machine';
import { Fault } from '@minos/base';
import type { Host } from '@minos/host';
import type { Implementation } from '@minos/rpc';
import { readAttribute } from '../../runtime/read-attribute.ts';
import type { ServiceManager } from '../../service/service-manager.ts';
import { readUsage } from './service-usage.ts';

type Containers = 'Containers' | 'Stats';

/** What the handlers need. */
export interface ContainersDeps {
  readonly host: Host;
  readonly services: ServiceManager;
}

const SYSTEM = 'system';
const KUBERNETES = 'k8s.io';
const NONE = 0;

interface Living {
  readonly id: string;
  readonly pid: number;
}

/** Containers and Stats: the services of the node stand for the namespace `system`; there are no other containers yet. */
export function containerHandlers(deps: ContainersDeps): Pick<Implementation<typeof MachineServiceDefinition>, Containers> {
  return {
    Containers: async ({ namespace }) => {
      const containers = (await livingIn(deps, namespace)).map(({ id, pid }) =>
        ContainerInfo.fromPartial({ namespace, id, podId: id, name: id, internalId: id, pid, status: 'RUNNING' }),
      );
      return { messages: [{ metadata: undefined, containers }] };
    },
    Stats: async ({ namespace }) => {
      const stats = await Promise.all(
        (await livingIn(deps, namespace)).map(async ({ id, pid }) => {
          const { memoryBytes, cpuNs } = await readUsage(deps.host, { id, pid });
          return Stat.fromPartial({ namespace, id, podId: id, name: id, memoryUsage: memoryBytes, cpuUsage: cpuNs });
        }),
      );
      return { messages: [{ metadata: undefined, stats }] };
    },
  };
}

async function livingIn({ host, services }: ContainersDeps, namespace: string): Promise<readonly Living[]> {
  if (namespace === KUBERNETES) return [];
  if (namespace !== SYSTEM)
    throw new Fault('invalid', `there is no namespace "${namespace}"; ask for ${SYSTEM} or ${KUBERNETES}`);
  const own = Number.parseInt(await readAttribute(host.files, '/proc/self/stat'), 10);
  const living = services.list().map(({ id, pid }) => ({ id, pid: pid ?? NONE }));
  return [{ id: 'machined', pid: own || NONE }, ...living]
    .filter(({ pid }) => pid !== NONE)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
