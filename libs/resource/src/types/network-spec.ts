import { AddressSpecSpec, HostnameSpecSpec, LinkSpecSpec, ResolverSpecSpec, RouteSpecSpec } from '@minos/api/resource-specs';
import { formatNetIp, formatNetIpPrefix } from '../ip-text.ts';
import { defineType, omitEmpty } from './define-type.ts';
import {
  ADDRESS_FLAGS,
  CONFIG_LAYER,
  FAMILY,
  flagsText,
  hardwareAddressText,
  linkTypeText,
  ROUTE_FLAGS,
  ROUTE_PROTOCOL,
  ROUTE_TYPE,
  ROUTING_TABLE,
  SCOPE,
  textOf,
} from './enum-text.ts';
import { bondMasterYaml, bridgeMasterYaml, nameServerYaml, nextHopYaml, vlanYaml, wireguardYaml } from './network-part.ts';

/** Wanted links; id = name. Sensitive, since a link may carry WireGuard keys. */
export const linkSpecType = defineType<LinkSpecSpec>({
  type: 'LinkSpecs.net.talos.dev',
  displayType: 'LinkSpec',
  namespace: 'network',
  aliases: ['linkspec', 'ls'],
  isSensitive: true,
  codec: LinkSpecSpec,
  toYaml: (s) => ({
    name: s.name,
    logical: s.logical,
    up: s.up,
    mtu: s.mtu,
    kind: s.kind,
    type: linkTypeText(s.type),
    ...omitEmpty({
      hardwareAddr: hardwareAddressText(s.hardwareAddress),
      parentName: s.parentName,
      bondSlave: s.bondSlave && omitEmpty({ masterName: s.bondSlave.masterName, slaveIndex: s.bondSlave.slaveIndex }),
      bridgeSlave: s.bridgeSlave && omitEmpty({ masterName: s.bridgeSlave.masterName }),
      vrfSlave: s.vrfSlave && omitEmpty({ masterName: s.vrfSlave.masterName }),
      vlan: s.vlan && vlanYaml(s.vlan),
      bondMaster: s.bondMaster && bondMasterYaml(s.bondMaster),
      bridgeMaster: s.bridgeMaster && bridgeMasterYaml(s.bridgeMaster),
      vrfMaster: s.vrfMaster && { table: textOf(ROUTING_TABLE, s.vrfMaster.table) },
      veth: s.veth && omitEmpty({ peerName: s.veth.peerName }),
      wireguard: s.wireguard && wireguardYaml(s.wireguard),
      multicast: s.multicast,
    }),
    layer: textOf(CONFIG_LAYER, s.configLayer),
  }),
});

/** Wanted addresses; id = `<link>/<prefix>`. */
export const addressSpecType = defineType<AddressSpecSpec>({
  type: 'AddressSpecs.net.talos.dev',
  displayType: 'AddressSpec',
  namespace: 'network',
  aliases: ['addressspec', 'as'],
  codec: AddressSpecSpec,
  toYaml: (s) => ({
    address: formatNetIpPrefix(s.address),
    linkName: s.linkName,
    family: textOf(FAMILY, s.family),
    scope: textOf(SCOPE, s.scope),
    flags: flagsText(ADDRESS_FLAGS, s.flags),
    ...omitEmpty({ announceWithARP: s.announceWithArp, priority: s.priority }),
    layer: textOf(CONFIG_LAYER, s.configLayer),
  }),
});

/** Wanted routes; id = `[<table>/][<link>/]<family>/<gateway>/<destination>/<priority>`. */
export const routeSpecType = defineType<RouteSpecSpec>({
  type: 'RouteSpecs.net.talos.dev',
  displayType: 'RouteSpec',
  namespace: 'network',
  aliases: ['routespec', 'rs'],
  codec: RouteSpecSpec,
  toYaml: (s) => ({
    family: textOf(FAMILY, s.family),
    dst: formatNetIpPrefix(s.destination),
    src: formatNetIp(s.source),
    gateway: formatNetIp(s.gateway),
    ...omitEmpty({ outLinkName: s.outLinkName }),
    table: textOf(ROUTING_TABLE, s.table),
    ...omitEmpty({ priority: s.priority }),
    scope: textOf(SCOPE, s.scope),
    type: textOf(ROUTE_TYPE, s.type),
    flags: flagsText(ROUTE_FLAGS, s.flags),
    protocol: textOf(ROUTE_PROTOCOL, s.protocol),
    ...omitEmpty({ mtu: s.mtu, nextHops: s.nextHops.map(nextHopYaml) }),
    layer: textOf(CONFIG_LAYER, s.configLayer),
  }),
});

/** The wanted host name; id `hostname`. */
export const hostnameSpecType = defineType<HostnameSpecSpec>({
  type: 'HostnameSpecs.net.talos.dev',
  displayType: 'HostnameSpec',
  namespace: 'network',
  aliases: ['hostnamespec', 'hs'],
  codec: HostnameSpecSpec,
  toYaml: (s) => ({ hostname: s.hostname, domainname: s.domainname, layer: textOf(CONFIG_LAYER, s.configLayer) }),
});

/** The wanted resolvers; id `resolvers`. */
export const resolverSpecType = defineType<ResolverSpecSpec>({
  type: 'ResolverSpecs.net.talos.dev',
  displayType: 'ResolverSpec',
  namespace: 'network',
  aliases: ['resolverspec', 'rs'],
  columns: ['Layer=.layer', 'Resolvers=.dnsServers', 'Search Domains=.searchDomains'],
  codec: ResolverSpecSpec,
  toYaml: (s) => ({
    dnsServers: s.dnsServers.map(formatNetIp),
    ...omitEmpty({ nameServers: s.nameServers.map(nameServerYaml) }),
    layer: textOf(CONFIG_LAYER, s.configLayer),
    searchDomains: s.searchDomains,
    ...omitEmpty({ searchDomainsOverridden: s.searchDomainsOverridden }),
  }),
});
