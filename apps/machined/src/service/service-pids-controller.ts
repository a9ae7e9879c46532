import { ServicePIDSpec } from '@minos/api/resource-specs';
import { servicePidType } from '@minos/resource';
import type { Controller } from '../controller/controller.ts';
import { exclusive } from '../controller/controller-facts.ts';

/** Shows which process each service is. */
export const servicePidsController: Controller = {
  name: 'runtime.ServicePIDController',
  inputs: [],
  outputs: exclusive(servicePidType),
  untilChange: ({ services }, signal) => services.untilChange(signal),
  reconcile: async ({ services }, writer) => {
    const living = services.list().flatMap(({ id, pid }) => {
      if (pid === undefined) return [];
      return [[id, ServicePIDSpec.fromPartial({ pid, mountNamespace: `/proc/${pid}/ns/mnt` })] as const];
    });
    await writer.replaceAll(servicePidType, new Map(living));
  },
};
