import { TimeStatusSpec } from '@minos/api/resource-specs';
import { machineConfigType, timeServerStatusType, timeStatusType } from '@minos/resource';
import type { Controller } from '../controller/controller.ts';
import { exclusive, strong } from '../controller/controller-facts.ts';
import { timeServersOf } from './time-servers.ts';

/** Shows where the node would get its time from, and that the clock is left to whoever keeps it: this version steers none. */
export const timeController: Controller = {
  name: 'time.SyncController',
  inputs: strong(machineConfigType),
  outputs: exclusive(timeServerStatusType, timeStatusType),
  reconcile: async ({ config }, writer) => {
    await writer.put(timeServerStatusType, 'timeservers', timeServersOf(config.current));
    await writer.put(timeStatusType, 'node', TimeStatusSpec.fromPartial({ synced: true, syncDisabled: true }));
  },
};
