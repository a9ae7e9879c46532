import {
  AddressStatusSpec,
  HostnameStatusSpec,
  LinkStatusSpec,
  NetworkStatusSpec,
  NodeAddressSpec,
  ResolverStatusSpec,
  RouteStatusSpec,
} from '@minos/api/resource-specs';
import { formatNetIp, formatNetIpPrefix } from '../ip-text.ts';
import { defineType, omitEmpty } from './define-type.ts';
import {
  ADDRESS_FLAGS,
  DUPLEX,
  FAMILY,
  flagsText,
  hardwareAddressText,
  LINK_FLAGS,
  linkTypeText,
  OPERATIONAL_STATE,
  PORT,
  ROUTE_FLAGS,
  ROUTE_PROTOCOL,
  ROUTE_TYPE,
  ROUTING_TABLE,
  SCOPE,
  SORT_ALGORITHM,
  textOf,
} from './enum-text.ts';
import { bondMasterYaml, bridgeMasterYaml, nameServerYaml, nextHopYaml, vlanYaml, wireguardYaml } from './network-part.ts';

/** Links as the kernel has them; id = name. */
export const linkStatusType = defineType<LinkStatusSpec>({
  type: 'LinkStatuses.net.talos.dev',
  displayType: 'LinkStatus',
  namespace: 'network',
  aliases: ['link', 'links', 'linkstatus', 'ls'],
  columns: [
    'Alias=.alias',
    'Type=.type',
    'Kind=.kind',
    'Hw Addr=.hardwareAddr',
    'Oper State=.operationalState',
    'Link State=.linkState',
  ],
  codec: LinkStatusSpec,
  toYaml: (s) => ({
    ...omitEmpty({ alias: s.alias, altNames: s.altNames }),
    index: s.index,
    type: linkTypeText(s.type),
    linkIndex: s.linkIndex,
    flags: flagsText(LINK_FLAGS, s.flags),
    hardwareAddr: hardwareAddressText(s.hardwareAddr),
    permanentAddr: hardwareAddressText(s.permanentAddr),
    broadcastAddr: hardwareAddressText(s.broadcastAddr),
    mtu: s.mtu,
    queueDisc: s.queueDisc,
    ...omitEmpty({ masterIndex: s.masterIndex }),
    operationalState: textOf(OPERATIONAL_STATE, s.operationalState),
    kind: s.kind,
    slaveKind: s.slaveKind,
    ...omitEmpty({
      busPath: s.busPath,
      pciID: s.pciid,
      driver: s.driver,
      driverVersion: s.driverVersion,
      firmwareVersion: s.firmwareVersion,
      productID: s.productId,
      vendorID: s.vendorId,
      product: s.product,
      vendor: s.vendor,
    }),
    linkState: s.linkState,
    ...omitEmpty({ speedMbit: s.speedMegabits }),
    port: textOf(PORT, s.port),
    duplex: textOf(DUPLEX, s.duplex),
    ...omitEmpty({
      vlan: s.vlan && vlanYaml(s.vlan),
      bridgeMaster: s.bridgeMaster && bridgeMasterYaml(s.bridgeMaster),
      bondMaster: s.bondMaster && bondMasterYaml(s.bondMaster),
      vrfMaster: s.vrfMaster && { table: textOf(ROUTING_TABLE, s.vrfMaster.table) },
      veth: s.veth && omitEmpty({ peerName: s.veth.peerName }),
      wireguard: s.wireguard && wireguardYaml({ ...s.wireguard, privateKey: '' }),
    }),
  }),
});

/** Addresses as the kernel has them; id = `<link>/<address>/<prefix length>`. */
export const addressStatusType = defineType<AddressStatusSpec>({
  type: 'AddressStatuses.net.talos.dev',
  displayType: 'AddressStatus',
  namespace: 'network',
  aliases: ['address', 'addresses', 'addressstatus', 'as'],
  columns: ['Address=.address', 'Link=.linkName'],
  codec: AddressStatusSpec,
  toYaml: (s) => ({
    address: formatNetIpPrefix(s.address),
    ...omitEmpty({
      local: formatNetIp(s.local),
      broadcast: formatNetIp(s.broadcast),
      anycast: formatNetIp(s.anycast),
      multicast: formatNetIp(s.multicast),
    }),
    linkIndex: s.linkIndex,
    linkName: s.linkName,
    family: textOf(FAMILY, s.family),
    scope: textOf(SCOPE, s.scope),
    flags: flagsText(ADDRESS_FLAGS, s.flags),
    priority: s.priority,
  }),
});

/** Routes as the kernel has them; id = `[<table>/][<link>/]<family>/<gateway>/<destination>/<metric>`. */
export const routeStatusType = defineType<RouteStatusSpec>({
  type: 'RouteStatuses.net.talos.dev',
  displayType: 'RouteStatus',
  namespace: 'network',
  aliases: ['route', 'routes', 'routestatus', 'rs'],
  columns: ['Destination=.dst', 'Gateway=.gateway', 'Link=.outLinkName', 'Metric=.priority'],
  codec: RouteStatusSpec,
  toYaml: (s) => ({
    family: textOf(FAMILY, s.family),
    dst: formatNetIpPrefix(s.destination),
    src: formatNetIp(s.source),
    gateway: formatNetIp(s.gateway),
    ...omitEmpty({ outLinkIndex: s.outLinkIndex, outLinkName: s.outLinkName }),
    table: textOf(ROUTING_TABLE, s.table),
    priority: s.priority,
    scope: textOf(SCOPE, s.scope),
    type: textOf(ROUTE_TYPE, s.type),
    flags: flagsText(ROUTE_FLAGS, s.flags),
    protocol: textOf(ROUTE_PROTOCOL, s.protocol),
    ...omitEmpty({ mtu: s.mtu, nextHops: s.nextHops.map(nextHopYaml) }),
  }),
});

/** The host name that is in force; id `hostname`. */
export const hostnameStatusType = defineType<HostnameStatusSpec>({
  type: 'HostnameStatuses.net.talos.dev',
  displayType: 'HostnameStatus',
  namespace: 'network',
  aliases: ['hostname', 'hostnamestatus', 'hs'],
  columns: ['Hostname=.hostname', 'Domainname=.domainname'],
  codec: HostnameStatusSpec,
  toYaml: (s) => ({ hostname: s.hostname, domainname: s.domainname }),
});

/** The resolvers that are in force; id `resolvers`. */
export const resolverStatusType = defineType<ResolverStatusSpec>({
  type: 'ResolverStatuses.net.talos.dev',
  displayType: 'ResolverStatus',
  namespace: 'network',
  aliases: ['resolvers', 'resolverstatus', 'rs'],
  columns: ['Resolvers=.dnsServers', 'Search Domains=.searchDomains'],
  codec: ResolverStatusSpec,
  toYaml: (s) => ({
    dnsServers: s.dnsServers.map(formatNetIp),
    ...omitEmpty({ nameServers: s.nameServers.map(nameServerYaml) }),
    searchDomains: s.searchDomains,
  }),
});

/** How far the network is; id `status`. */
export const networkStatusType = defineType<NetworkStatusSpec>({
  type: 'NetworkStatuses.net.talos.dev',
  displayType: 'NetworkStatus',
  namespace: 'network',
  aliases: ['netstatus', 'netstatuses', 'networkstatus', 'ns'],
  columns: ['Address=.addressReady', 'Connectivity=.connectivityReady', 'Hostname=.hostnameReady', 'Etc=.etcFilesReady'],
  codec: NetworkStatusSpec,
  toYaml: (s) => ({
    addressReady: s.addressReady,
    connectivityReady: s.connectivityReady,
    hostnameReady: s.hostnameReady,
    etcFilesReady: s.etcFilesReady,
  }),
});

/** The node's addresses, sorted by preference; ids `default`, `current`, `routed`, `accumulative`. */
export const nodeAddressType = defineType<NodeAddressSpec>({
  type: 'NodeAddresses.net.talos.dev',
  displayType: 'NodeAddress',
  namespace: 'network',
  aliases: ['nodeaddress', 'na', 'nas'],
  columns: ['Addresses=.addresses', 'SortAlgorithm=.sortAlgorithm'],
  codec: NodeAddressSpec,
  toYaml: (s) => ({
    addresses: s.addresses.map(formatNetIpPrefix),
    sortAlgorithm: textOf(SORT_ALGORITHM, s.sortAlgorithm),
  }),
});
