import type { MachineServiceDefinition } from '@minos/api/machine';
import type { Implementation } from '@minos/rpc';

/** The handlers of one group of methods of machine.MachineService. */
export type MachineHandlers = Partial<Implementation<typeof MachineServiceDefinition>>;
