import { AddressSpecSpec, LinkSpecSpec, RouteSpecSpec } from '@minos/api/resource-specs';
import { addressSpecType, linkSpecType, netIp, netIpPrefix, routeSpecType, type State } from '@minos/resource';

const OWNER = 'config';

/** Wants a link. */
export async function wantLink(state: State, name: string, link: Partial<LinkSpecSpec> = {}): Promise<void> {
  await state.as(OWNER).put(linkSpecType, name, LinkSpecSpec.fromPartial({ name, up: true, ...link }));
}

/** Wants an address on a link. */
export async function wantAddress(
  state: State,
  linkName: string,
  address: string,
  more: Partial<AddressSpecSpec> = {},
): Promise<void> {
  const spec = AddressSpecSpec.fromPartial({
    linkName,
    address: netIpPrefix(address),
    family: address.includes(':') ? 10 : 2,
    ...more,
  });
  await state.as(OWNER).put(addressSpecType, `${linkName}/${address}`, spec);
}

/** Does not want an address any more. */
export async function dropAddress(state: State, linkName: string, address: string): Promise<void> {
  await state.as(OWNER).remove(addressSpecType, `${linkName}/${address}`);
}

/** A route in texts. */
export interface WantedRoute {
  readonly destination?: string;
  readonly gateway?: string;
  readonly source?: string;
  readonly linkName?: string;
  readonly priority?: number;
  readonly mtu?: number;
}

/** Wants a route under an id. */
export async function wantRoute(state: State, id: string, route: WantedRoute): Promise<void> {
  const spec = RouteSpecSpec.fromPartial({
    ...(route.destination === undefined ? {} : { destination: netIpPrefix(route.destination) }),
    ...(route.gateway === undefined ? {} : { gateway: netIp(route.gateway) }),
    ...(route.source === undefined ? {} : { source: netIp(route.source) }),
    outLinkName: route.linkName ?? '',
    priority: route.priority ?? 0,
    mtu: route.mtu ?? 0,
  });
  await state.as(OWNER).put(routeSpecType, id, spec);
}

/** Does not want a route any more. */
export async function dropRoute(state: State, id: string): Promise<void> {
  await state.as(OWNER).remove(routeSpecType, id);
}
