import { type Container, ContainersRequest } from '@minos/api/machine';
import type { RunCommand } from '../cli/command.ts';
import { unaryTable } from '../node-call/unary-table.ts';

/** Options of the commands about containers. */
export interface ContainerOptions {
  readonly kubernetes: boolean;
}

const DRIVER_CRI = 1;

/** Which containers are meant. */
export function containerNamespace({ kubernetes }: ContainerOptions): { readonly namespace: string; readonly driver: 0 | 1 } {
  return kubernetes ? { namespace: 'k8s.io', driver: DRIVER_CRI } : { namespace: 'system', driver: 0 };
}

/** Lists the containers of the nodes. */
export const containers: RunCommand<ContainerOptions> = unaryTable<ContainerOptions, Container>({
  ask: (machine, options, call) => machine.Containers(ContainersRequest.fromPartial(containerNamespace(call.options)), options),
  heading: ['NAMESPACE', 'ID', 'IMAGE', 'PID', 'STATUS'],
  rows: (message) => message.containers.map((c) => [c.namespace, indented(c), c.image, String(c.pid), c.status]),
});

/** A container of a pod stands below it. */
export function indented({ id, podId }: { readonly id: string; readonly podId: string }): string {
  return id === podId ? id : `└─ ${id}`;
}
