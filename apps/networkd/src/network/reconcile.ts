import type { Logger } from '@minos/base';
import type { Rtnetlink } from '@minos/host';
import { addressExecutors } from '../address/address-apply.ts';
import { planAddresses } from '../address/address-plan.ts';
import { linkExecutors } from '../link/link-apply.ts';
import { planLinks } from '../link/link-plan.ts';
import { routeExecutors } from '../route/route-apply.ts';
import { planRoutes } from '../route/route-plan.ts';
import { applySteps, type FailedStep } from './apply-steps.ts';
import type { DesiredNetwork } from './desired-network.ts';
import { findLink } from './find-link.ts';
import { type NetworkSnapshot, observeNetwork } from './network-snapshot.ts';

/** What a round of reconciliation left behind. */
export interface Reconciled {
  readonly snapshot: NetworkSnapshot;
  readonly failed: readonly FailedStep[];
  /** A wanted link is not there. The kernel does not tell of every change that could bring it, such as an alias of a link that is down. */
  readonly isWaiting: boolean;
}

/** Enough for a link to come up, its addresses to come, then its routes, and one more look. */
const MAX_ROUNDS = 4;

/**
 * Observe, plan, apply, until nothing is left to do or only what failed. Links, addresses and routes are planned on what the
 * stage before made of the kernel.
 */
export async function reconcile(rtnetlink: Rtnetlink, desired: DesiredNetwork, log: Logger): Promise<Reconciled> {
  let snapshot = await observeNetwork(rtnetlink);
  let failed: FailedStep[] = [];
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    failed = [];
    let tried = 0;
    const stage = async <S extends { readonly op: string }>(
      steps: readonly S[],
      executors: Parameters<typeof applySteps<S>>[1],
    ): Promise<void> => {
      if (steps.length === 0) return;
      tried += steps.length;
      failed.push(...(await applySteps(steps, executors, log)));
      snapshot = await observeNetwork(rtnetlink);
    };
    await stage(planLinks(desired.links, snapshot.links), linkExecutors(rtnetlink));
    await stage(planAddresses(desired.addresses, snapshot), addressExecutors(rtnetlink));
    await stage(planRoutes(desired.routes, snapshot), routeExecutors(rtnetlink));
    if (tried === failed.length) break;
  }
  const isWaiting = desired.links.some((config) => findLink(snapshot.links, config.name) === undefined);
  return { snapshot, failed, isWaiting };
}
