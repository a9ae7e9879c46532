import { HardwareAddrSpec, type LinkStatusSpec, NethelpersLinkType } from '@minos/api/resource-specs';
import { hardwareAddressType, linkStatusType, type Resource } from '@minos/resource';
import type { Controller } from '../controller/controller.ts';
import { exclusive, strong } from '../controller/controller-facts.ts';

/** Shows the hardware address of the first link that is one of the machine's own. */
export const hardwareAddressController: Controller = {
  name: 'network.HardwareAddrController',
  inputs: strong(linkStatusType),
  outputs: exclusive(hardwareAddressType),
  reconcile: async ({ state }, writer) => {
    const first = firstLink(await state.list(linkStatusType));
    await writer.replaceAll(hardwareAddressType, new Map(first === undefined ? [] : [['first', first]]));
  },
};

/** Physical links before the end of a veth pair, by which a node in a namespace is connected; then by index. Pure. */
export function firstLink(links: readonly Resource<LinkStatusSpec>[]): HardwareAddrSpec | undefined {
  const rank = ({ spec }: Resource<LinkStatusSpec>): number => (spec.kind === '' ? 0 : 1);
  const [first] = links
    .filter(({ spec }) => spec.type === NethelpersLinkType.LINK_ETHER && (spec.kind === '' || spec.kind === 'veth'))
    .toSorted((a, b) => rank(a) - rank(b) || a.spec.index - b.spec.index);
  return first && HardwareAddrSpec.fromPartial({ name: first.metadata.id, hardwareAddr: first.spec.hardwareAddr });
}
