import { isFault } from '@minos/base';
import type { Rtnetlink } from '@minos/host';
import type { Executors } from '../network/apply-steps.ts';
import type { AddressStep } from './address-plan.ts';

/** What carries out each change to the addresses. One that is there or gone already is as good. */
export function addressExecutors(rtnetlink: Rtnetlink): Executors<AddressStep> {
  return {
    'remove-address': ({ linkIndex, address }) => unless('missing', rtnetlink.deleteAddress({ linkIndex, address })),
    'add-address': ({ linkIndex, config: { address, scope, flags, priority } }) =>
      unless('exists', rtnetlink.addAddress({ linkIndex, address, scope, flags, priority })),
  };
}

async function unless(kind: 'missing' | 'exists', change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (e) {
    if (!isFault(e, kind)) throw e;
  }
}
