import type { Link, LinkAddress, Route } from '@minos/host';
import { OWN_ALT_NAME_PREFIX, OWN_PROTOCOL } from '@minos/host';

/**
 * Whether networkd made a link, an address or a route: the mark is in the kernel and nowhere else, so a restart loses
 * nothing. A kernel before 5.18 does not keep the mark of addresses; there no address is ours, and none is removed.
 */
export const isOurs = {
  link: (link: Link): boolean => link.altNames.some((name) => name.startsWith(OWN_ALT_NAME_PREFIX)),
  address: (address: LinkAddress): boolean => address.protocol === OWN_PROTOCOL,
  route: (route: Route): boolean => route.protocol === OWN_PROTOCOL,
} as const;

/** Whether the kernel keeps marks of addresses: it marks its own too, such as `::1` on a loopback that is up. */
export function keepsAddressMarks(addresses: readonly LinkAddress[]): boolean {
  return addresses.some((address) => address.protocol !== 0);
}
