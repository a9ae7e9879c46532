import { Fault } from '@minos/base';
import type { Rtnetlink } from '@minos/host';
import type { Executors } from '../network/apply-steps.ts';
import type { LinkStep } from './link-plan.ts';

/** What carries out each change to the links. */
export function linkExecutors(rtnetlink: Rtnetlink): Executors<LinkStep> {
  return {
    'delete-link': (step) => rtnetlink.deleteLink(step.index),
    'create-link': ({ name, make, altName }) =>
      rtnetlink.createLink(
        make.kind === 'veth' ? { name, kind: make.kind, peerName: make.peerName, altName } : { name, kind: make.kind, altName },
      ),
    'refuse-link': async ({ name, kind }) => {
      const text = `the link ${name} cannot be made: this version makes dummy, bridge and veth, and no ${kind}; remove its document`;
      throw new Fault('unimplemented', text, { link: name });
    },
    'set-mtu': (step) => rtnetlink.setLink(step.index, { mtu: step.mtu }),
    'set-up': (step) => rtnetlink.setLink(step.index, { up: true }),
    'set-down': (step) => rtnetlink.setLink(step.index, { up: false }),
  };
}
