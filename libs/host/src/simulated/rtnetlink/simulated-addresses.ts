import { formatIp, formatIpPrefix, type IpPrefix, maskIp } from '@minos/base';
import type { AddressChange, LinkAddress, Route } from '../../port/rtnetlink.ts';
import { broadcastOf, familyOf, requirePrefix } from '../../rtnetlink/address-prefix.ts';
import { IFA_F, RT_SCOPE, RT_TABLE, RTN, RTPROT } from '../../rtnetlink/rtnetlink-constants.ts';
import { rtnetlinkFault } from '../../rtnetlink/rtnetlink-fault.ts';
import { ipOf, isLocalAddress, isSecondary, type NetworkState, type SimulatedLink } from './network-state.ts';

/** IPv6 gives connected routes this metric. */
const CONNECTED_METRIC_INET6 = 256;

/** Adds an address as the kernel does: connected route, secondary addresses of one network, EEXIST. */
export function addSimulatedAddress(state: NetworkState, change: AddressChange, protocol: number): void {
  const fields = { address: change.address, linkIndex: change.linkIndex };
  const prefix = requirePrefix(change.address);
  const link = state.links.get(change.linkIndex);
  if (link === undefined) throw rtnetlinkFault('ENODEV', 'add the address', fields);
  const family = familyOf(prefix.ip);
  const onLink = state.addresses.filter((other) => other.linkIndex === link.index && other.family === family);
  const neighbours = family === 'inet4' ? onLink.filter((other) => networkOf(other.address) === networkOf(change.address)) : [];
  const text = formatIpPrefix(prefix.ip, prefix.length);
  const isThere =
    family === 'inet4'
      ? neighbours.some((other) => other.address === text)
      : onLink.some((other) => ipOf(other) === formatIp(prefix.ip));
  if (isThere) throw rtnetlinkFault('EEXIST', 'add the address', fields);
  if (neighbours.some((other) => other.scope !== change.scope)) throw rtnetlinkFault('EINVAL', 'add the address', fields);
  const broadcast = broadcastOf(prefix);
  const address: LinkAddress = {
    family,
    address: text,
    local: family === 'inet4' ? formatIp(prefix.ip) : '',
    broadcast: broadcast === undefined ? '' : formatIp(broadcast),
    linkIndex: link.index,
    linkName: link.name,
    scope: family === 'inet4' ? change.scope : scopeOfIpv6(prefix.ip),
    flags: IFA_F.PERMANENT | change.flags | (neighbours.length > 0 ? IFA_F.SECONDARY : 0),
    protocol,
    priority: change.priority,
  };
  state.addresses = [...state.addresses, address];
  if (link.isUp) addConnectedRoute(state, link, address);
}

/** Deletes an address and what hangs on it; EADDRNOTAVAIL when it is not there. */
export function deleteSimulatedAddress(state: NetworkState, linkIndex: number, address: string): void {
  const fields = { address, linkIndex };
  const prefix = requirePrefix(address);
  if (!state.links.has(linkIndex)) throw rtnetlinkFault('ENODEV', 'delete the address', fields);
  const text = formatIpPrefix(prefix.ip, prefix.length);
  const found = state.addresses.find((other) => other.linkIndex === linkIndex && other.address === text);
  if (found === undefined) throw rtnetlinkFault('EADDRNOTAVAIL', 'delete the address', fields);
  dropAddress(state, found);
  if (found.family === 'inet4' && !isSecondary(found)) {
    const followers = state.addresses.filter(
      (other) => other.linkIndex === linkIndex && isSecondary(other) && networkOf(other.address) === networkOf(text),
    );
    for (const follower of followers) dropAddress(state, follower);
  }
  const isLastOfLink = !state.addresses.some((other) => other.linkIndex === linkIndex && other.family === 'inet4');
  if (found.family === 'inet4' && isLastOfLink)
    state.routes = state.routes.filter((route) => route.family !== 'inet4' || route.outLinkIndex !== linkIndex);
}

/** Gives a link that came up the connected routes of its addresses. */
export function addConnectedRoutes(state: NetworkState, link: SimulatedLink): void {
  for (const address of state.addresses) if (address.linkIndex === link.index) addConnectedRoute(state, link, address);
}

/** The addresses that the kernel itself gives to a link that is up: those of the loopback, and IPv6 link-local ones. */
export function addKernelAddresses(state: NetworkState, link: SimulatedLink, isReady: boolean): void {
  if (link.type === 'loopback') {
    const missing = [
      kernelAddress(link, '127.0.0.1/8', RT_SCOPE.HOST, 0),
      kernelAddress(link, '::1/128', RT_SCOPE.HOST, 1),
    ].filter(({ address }) => !state.addresses.some((other) => other.linkIndex === link.index && other.address === address));
    state.addresses = [...state.addresses, ...missing];
  } else if (state.hasLinkLocalAddresses && isReady) {
    const address = kernelAddress(link, linkLocalAddress(link), RT_SCOPE.LINK, 3);
    const isThere = state.addresses.some((other) => other.linkIndex === link.index && other.address === address.address);
    if (isThere) return;
    state.addresses = [...state.addresses, address];
    addConnectedRoute(state, link, address);
  }
}

/** Network part of a prefix in text. */
export function networkOf(address: string): string {
  const { ip, length } = requirePrefix(address);
  return formatIpPrefix(maskIp(ip, length), length);
}

/** Takes addresses away, with their connected routes and what they are the source of. */
export function dropAddresses(state: NetworkState, addresses: readonly LinkAddress[]): void {
  for (const address of addresses) dropAddress(state, address);
}

function dropAddress(state: NetworkState, address: LinkAddress): void {
  state.addresses = state.addresses.filter((other) => other !== address);
  const ip = ipOf(address);
  const isShared = state.addresses.some(
    (other) =>
      other.linkIndex === address.linkIndex && !isSecondary(other) && networkOf(other.address) === networkOf(address.address),
  );
  state.routes = state.routes.filter((route) => isShared || isSecondary(address) || !isConnectedRouteOf(route, address));
  if (isLocalAddress(state, ip)) return;
  if (address.family === 'inet4') state.routes = state.routes.filter((route) => route.source !== ip);
  else state.routes = state.routes.map((route) => (route.source === ip ? { ...route, source: '' } : route));
}

function addConnectedRoute(state: NetworkState, link: SimulatedLink, address: LinkAddress): void {
  const prefix = requirePrefix(address.address);
  if (
    isSecondary(address) ||
    hasNoRoute(link, address) ||
    hasNoNetwork(address, prefix) ||
    (address.flags & IFA_F.NOPREFIXROUTE) !== 0
  )
    return;
  const isInet4 = address.family === 'inet4';
  const route: Route = {
    family: address.family,
    destination: networkOf(address.address),
    gateway: '',
    source: isInet4 ? ipOf(address) : '',
    outLinkIndex: link.index,
    outLinkName: link.name,
    table: RT_TABLE.MAIN,
    priority: address.priority === 0 && !isInet4 ? CONNECTED_METRIC_INET6 : address.priority,
    scope: isInet4 ? RT_SCOPE.LINK : RT_SCOPE.UNIVERSE,
    type: RTN.UNICAST,
    flags: 0,
    protocol: RTPROT.KERNEL,
    mtu: 0,
  };
  if (!state.routes.some((other) => isConnectedRouteOf(other, address) && other.priority === route.priority))
    state.routes = [...state.routes, route];
}

/** On a loopback, networks of IPv4 are in table `local`. */
function hasNoRoute(link: SimulatedLink, address: LinkAddress): boolean {
  return link.type === 'loopback' && (address.family === 'inet4' || address.address === '::1/128');
}

function isConnectedRouteOf(route: Route, address: LinkAddress): boolean {
  return (
    route.protocol === RTPROT.KERNEL &&
    route.outLinkIndex === address.linkIndex &&
    route.destination === networkOf(address.address)
  );
}

function hasNoNetwork(address: LinkAddress, prefix: IpPrefix): boolean {
  return address.family === 'inet4' && (prefix.length === 32 || maskIp(prefix.ip, prefix.length)[0] === 0);
}

function kernelAddress(link: SimulatedLink, address: string, scope: number, protocol: number): LinkAddress {
  const ip = address.slice(0, address.lastIndexOf('/'));
  const family = familyOf(requirePrefix(address).ip);
  return {
    family,
    address,
    local: family === 'inet4' ? ip : '',
    broadcast: '',
    linkIndex: link.index,
    linkName: link.name,
    scope,
    flags: IFA_F.PERMANENT,
    protocol,
    priority: 0,
  };
}

/** The modified EUI-64 of the hardware address, RFC 4291 appendix A. */
function linkLocalAddress(link: SimulatedLink): string {
  const mac = link.hardwareAddress.split(':').map((part) => Number.parseInt(part, 16));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac;
  return formatIpPrefix(Buffer.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, a ^ 2, b, c, 0xff, 0xfe, d, e, f), 64);
}

function scopeOfIpv6(ip: Buffer): number {
  if (ip[0] === 0xfe && ((ip[1] ?? 0) & 0xc0) === 0x80) return RT_SCOPE.LINK;
  return formatIp(ip) === '::1' ? RT_SCOPE.HOST : RT_SCOPE.UNIVERSE;
}
