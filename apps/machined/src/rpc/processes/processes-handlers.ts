import type { MachineServiceDefinition } from '@minos/api/machine';
import type { Implementation } from '@minos/rpc';
import type { HandlerDeps } from '../handler-deps.ts';
import { listProcesses } from './list-processes.ts';

/** Processes: all that this node's /proc shows. */
export function processHandlers({ host }: HandlerDeps): Pick<Implementation<typeof MachineServiceDefinition>, 'Processes'> {
  return { Processes: async () => ({ messages: [{ metadata: undefined, processes: await listProcesses(host) }] }) };
}
