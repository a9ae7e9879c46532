import {
  AddressSpecSpec,
  BridgeMasterSpec,
  HostnameSpecSpec,
  LinkSpecSpec,
  NethelpersFamily,
  NethelpersLinkType,
  NethelpersRouteProtocol,
  NethelpersRouteType,
  NethelpersScope,
  NethelpersVLANProtocol,
  NetworkConfigLayer,
  ResolverSpecSpec,
  RouteSpecSpec,
} from '@minos/api/resource-specs';
import { ipBytes } from '@minos/pki';
import type { MachineConfig } from '../machine-config.ts';
import type { LinkConfig, LinkMake, LinkRoute, NameServer } from './network-config.ts';

/** What the network is to be, as resources by id. */
export interface NetworkSpecs {
  readonly links: ReadonlyMap<string, LinkSpecSpec>;
  readonly addresses: ReadonlyMap<string, AddressSpecSpec>;
  readonly routes: ReadonlyMap<string, RouteSpecSpec>;
  readonly hostname: ReadonlyMap<string, HostnameSpecSpec>;
  readonly resolvers: ReadonlyMap<string, ResolverSpecSpec>;
}

/** What the configuration leaves to the node. */
export interface NetworkSpecsOptions {
  /** Host name for a node whose configuration asks for a stable one of its own. */
  readonly automaticHostname?: string;
}

const LAYER = NetworkConfigLayer.CONFIG_MACHINE_CONFIGURATION;
/** IFA_F_PERMANENT (include/uapi/linux/if_addr.h). */
const PERMANENT = 0x80;
const MAIN_TABLE = 254;
const DNS_PROTOCOL = { Do53: 0, DoT: 1, DoH: 2 } as const;
const VLAN_PROTOCOL = {
  '802.1q': NethelpersVLANProtocol.VLAN_PROTOCOL8021_Q,
  '802.1ad': NethelpersVLANProtocol.VLAN_PROTOCOL8021_AD,
} as const;

/** The specs of a configuration, the loopback link among them, with the ids of the compatible system; pure. */
export function networkSpecs(config: Pick<MachineConfig, 'network'>, options: NetworkSpecsOptions = {}): NetworkSpecs {
  const { network } = config;
  const links = new Map([['lo', loopbackLink()]]);
  const addresses = new Map([['lo/127.0.0.1/8', loopbackAddress()]]);
  const routes = new Map<string, RouteSpecSpec>();
  for (const link of network.links) {
    links.set(link.name, linkSpec(link));
    for (const address of link.addresses) {
      addresses.set(`${link.name}/${address.prefix}`, addressSpec(link.name, address.prefix, address.priority ?? 0));
    }
    for (const route of link.routes) routes.set(routeId(link.name, route), routeSpec(link.name, route));
  }
  addMembers(network.links, links);
  return { links, addresses, routes, hostname: hostnameSpecs(config, options), resolvers: resolverSpecs(config) };
}

function loopbackLink(): LinkSpecSpec {
  const type = NethelpersLinkType.LINK_LOOPBCK;
  return LinkSpecSpec.fromPartial({ name: 'lo', up: true, type, configLayer: NetworkConfigLayer.CONFIG_DEFAULT });
}

function loopbackAddress(): AddressSpecSpec {
  const scope = NethelpersScope.SCOPE_HOST;
  return { ...addressSpec('lo', '127.0.0.1/8', 0), scope, configLayer: NetworkConfigLayer.CONFIG_DEFAULT };
}

function linkSpec(link: LinkConfig): LinkSpecSpec {
  return LinkSpecSpec.fromPartial({
    name: link.name,
    logical: link.make !== undefined,
    up: link.isUp,
    mtu: link.mtu,
    kind: link.make?.kind ?? '',
    type: NethelpersLinkType.LINK_ETHER,
    multicast: link.hasMulticast,
    configLayer: LAYER,
    ...madeSpec(link.make),
  });
}

function madeSpec(make: LinkMake | undefined): Partial<LinkSpecSpec> {
  if (make?.kind === 'vlan') {
    return { parentName: make.parent, vlan: { vid: make.vlanId, protocol: VLAN_PROTOCOL[make.protocol] } };
  }
  if (make?.kind !== 'bridge') return {};
  const vlan = { filteringEnabled: make.isVlanFiltering };
  return { bridgeMaster: BridgeMasterSpec.fromPartial({ stp: { enabled: make.hasStp }, vlan }) };
}

/** Members of bridges say whose they are; one that nothing else speaks of is a link of its own. */
function addMembers(configs: readonly LinkConfig[], links: Map<string, LinkSpecSpec>): void {
  for (const { name, make } of configs) {
    for (const member of make?.kind === 'bridge' ? make.members : []) {
      const spec = links.get(member) ?? LinkSpecSpec.fromPartial({ name: member, up: true, configLayer: LAYER });
      links.set(member, { ...spec, bridgeSlave: { masterName: name } });
    }
  }
}

function netIp(address: string): { ip: Buffer } {
  return { ip: ipBytes(address) };
}

function netIpPrefix(prefix: string): { ip: Buffer; prefixLength: number } {
  const [address = '', length = '0'] = prefix.split('/');
  return { ip: ipBytes(address), prefixLength: Number(length) };
}

function familyOf(family: 4 | 6): NethelpersFamily {
  return family === 4 ? NethelpersFamily.FAMILY_INET4 : NethelpersFamily.FAMILY_INET6;
}

function addressSpec(linkName: string, prefix: string, priority: number): AddressSpecSpec {
  return AddressSpecSpec.fromPartial({
    address: netIpPrefix(prefix),
    linkName,
    family: familyOf(prefix.includes(':') ? 6 : 4),
    scope: NethelpersScope.SCOPE_GLOBAL,
    flags: PERMANENT,
    configLayer: LAYER,
    priority,
  });
}

function routeId(linkName: string, route: LinkRoute): string {
  const table = route.table === MAIN_TABLE ? '' : `${route.table}/`;
  const link = route.family === 6 ? `${linkName}/` : '';
  return `${table}${link}inet${route.family}/${route.gateway ?? ''}/${route.destination ?? ''}/${route.metric}`;
}

function routeSpec(linkName: string, route: LinkRoute): RouteSpecSpec {
  return RouteSpecSpec.fromPartial({
    family: familyOf(route.family),
    destination: route.destination === undefined ? undefined : netIpPrefix(route.destination),
    gateway: route.gateway === undefined ? undefined : netIp(route.gateway),
    source: route.source === undefined ? undefined : netIp(route.source),
    outLinkName: linkName,
    table: tableOf(route.table),
    priority: route.metric,
    scope: route.gateway === undefined ? NethelpersScope.SCOPE_LINK : NethelpersScope.SCOPE_GLOBAL,
    type: NethelpersRouteType.TYPE_UNICAST,
    protocol: NethelpersRouteProtocol.PROTOCOL_STATIC,
    configLayer: LAYER,
    mtu: route.mtu,
  });
}

/** The generated type has a name for each of the 256 numbers. */
function tableOf(table: number): RouteSpecSpec['table'] {
  return RouteSpecSpec.decode(RouteSpecSpec.encode(Object.assign(RouteSpecSpec.fromPartial({}), { table })).finish()).table;
}

function hostnameSpecs({ network }: Pick<MachineConfig, 'network'>, options: NetworkSpecsOptions): NetworkSpecs['hostname'] {
  const name = network.hostname ?? (network.isHostnameAutomatic ? options.automaticHostname : undefined);
  if (name === undefined) return new Map();
  const [hostname = '', ...domain] = name.split('.');
  const configLayer = network.hostname === undefined ? NetworkConfigLayer.CONFIG_DEFAULT : LAYER;
  return new Map([['hostname', HostnameSpecSpec.fromPartial({ hostname, domainname: domain.join('.'), configLayer })]]);
}

function resolverSpecs({ network }: Pick<MachineConfig, 'network'>): NetworkSpecs['resolvers'] {
  const { nameServers, searchDomains, areSearchDomainsOverridden } = network;
  if (nameServers.length === 0 && searchDomains.length === 0) return new Map();
  const spec = ResolverSpecSpec.fromPartial({
    dnsServers: nameServers.filter((server) => server.protocol === 'Do53').map((server) => netIp(server.address)),
    nameServers: nameServers.map(nameServerSpec),
    searchDomains: [...searchDomains],
    searchDomainsOverridden: areSearchDomainsOverridden,
    configLayer: LAYER,
  });
  return new Map([['resolvers', spec]]);
}

function nameServerSpec({ address, protocol, tlsServerName }: NameServer) {
  return { addr: netIp(address), protocol: DNS_PROTOCOL[protocol], tlsServerName };
}
