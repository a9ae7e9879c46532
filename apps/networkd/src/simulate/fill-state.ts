import {
  AddressSpecSpec,
  HostnameSpecSpec,
  LinkSpecSpec,
  NethelpersFamily,
  ResolverSpecSpec,
  RouteSpecSpec,
} from '@minos/api/resource-specs';
import {
  addressSpecType,
  hostnameSpecType,
  linkSpecType,
  netIp,
  netIpPrefix,
  resolverSpecType,
  routeSpecType,
  type State,
  type StateWriter,
} from '@minos/resource';
import type { Fixture, WantedLink } from './fixture.ts';

const OWNER = 'simulation';

/** Puts into a state what machined would derive from a configuration that says the same. */
export async function fillState(state: State, wanted: Omit<Fixture, 'machine'>): Promise<void> {
  const writer = state.as(OWNER);
  for (const link of wanted.links) await putLink(writer, link);
  if (wanted.hostname !== '')
    await writer.put(hostnameSpecType, 'hostname', HostnameSpecSpec.fromPartial({ hostname: wanted.hostname }));
  await writer.put(resolverSpecType, 'resolvers', ResolverSpecSpec.fromPartial({ dnsServers: wanted.resolvers.map(netIp) }));
}

async function putLink(writer: StateWriter, link: WantedLink): Promise<void> {
  const { name, mtu } = link;
  await writer.put(linkSpecType, name, LinkSpecSpec.fromPartial({ name, up: true, mtu }));
  for (const address of link.addresses) {
    const spec = AddressSpecSpec.fromPartial({ linkName: name, address: netIpPrefix(address), family: familyOf(address) });
    await writer.put(addressSpecType, `${name}/${address}`, spec);
  }
  for (const { destination, gateway, metric } of link.routes) {
    const spec = RouteSpecSpec.fromPartial({
      family: familyOf(destination === '' ? gateway : destination),
      outLinkName: name,
      priority: metric,
      ...(destination === '' ? {} : { destination: netIpPrefix(destination) }),
      ...(gateway === '' ? {} : { gateway: netIp(gateway) }),
    });
    await writer.put(routeSpecType, `${name}/${gateway}/${destination}/${metric}`, spec);
  }
}

function familyOf(address: string): NethelpersFamily {
  return address.includes(':') ? NethelpersFamily.FAMILY_INET6 : NethelpersFamily.FAMILY_INET4;
}
