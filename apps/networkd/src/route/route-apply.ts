import { isFault } from '@minos/base';
import type { Rtnetlink } from '@minos/host';
import type { Executors } from '../network/apply-steps.ts';
import type { RouteStep } from './route-plan.ts';

/** What carries out each change to the routes. One that is gone already is as good; a foreign one in the way is a failure. */
export function routeExecutors(rtnetlink: Rtnetlink): Executors<RouteStep> {
  return {
    'remove-route': async ({ change }) => {
      try {
        await rtnetlink.deleteRoute(change);
      } catch (e) {
        if (!isFault(e, 'missing')) throw e;
      }
    },
    'add-route': ({ change }) => rtnetlink.addRoute(change),
  };
}
