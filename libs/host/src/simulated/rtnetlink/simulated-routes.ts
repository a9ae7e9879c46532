import { formatIp, formatIpPrefix, maskIp } from '@minos/base';
import type { Route, RouteChange } from '../../port/rtnetlink.ts';
import { requireIp, requirePrefix } from '../../rtnetlink/address-prefix.ts';
import { RT_SCOPE, RTN } from '../../rtnetlink/rtnetlink-constants.ts';
import { rtnetlinkFault } from '../../rtnetlink/rtnetlink-fault.ts';
import { isLocalAddress, type NetworkState } from './network-state.ts';
import { networkOf } from './simulated-addresses.ts';

/** IPv6 takes this metric for "none given". */
const DEFAULT_METRIC_INET6 = 1024;
const NO_NEXT_HOP: ReadonlySet<number> = new Set([RTN.BLACKHOLE, RTN.UNREACHABLE, RTN.PROHIBIT, RTN.THROW]);

/** Adds a route as the kernel does: reachable gateway, link that is up, own source, EEXIST. */
export function addSimulatedRoute(state: NetworkState, change: RouteChange, protocol: number): void {
  const route = normalize(state, change, protocol);
  const problem = NO_NEXT_HOP.has(route.type) ? undefined : nextHopProblem(state, route);
  if (problem !== undefined) throw rtnetlinkFault(problem, 'add the route', { ...change });
  if (route.source !== '' && !isOwnAddress(state, route.source)) throw rtnetlinkFault('EINVAL', 'add the route', { ...change });
  const isThere = state.routes.some((other) => isSameKey(other, route));
  if (isThere) throw rtnetlinkFault('EEXIST', 'add the route', { ...change });
  state.routes = [...state.routes, route];
}

/** Deletes the first route that the change describes and that carries the protocol; ESRCH when there is none. */
export function deleteSimulatedRoute(state: NetworkState, change: RouteChange, protocol: number): void {
  const wanted = normalize(state, change, protocol);
  const inOrder = state.routes.toSorted((a, b) => a.priority - b.priority);
  const found = inOrder.find(
    (route) =>
      route.family === wanted.family &&
      route.table === wanted.table &&
      route.destination === wanted.destination &&
      route.type === wanted.type &&
      (protocol === 0 || route.protocol === protocol) &&
      (change.priority === 0 || route.priority === change.priority) &&
      (change.family === 'inet6' || change.scope === RT_SCOPE.NOWHERE || route.scope === change.scope) &&
      (change.gateway === '' || route.gateway === wanted.gateway) &&
      (change.source === '' || change.family === 'inet6' || route.source === wanted.source) &&
      (change.outLinkIndex === 0 || route.outLinkIndex === change.outLinkIndex),
  );
  if (found === undefined) throw rtnetlinkFault('ESRCH', 'delete the route', { ...change });
  state.routes = state.routes.filter((route) => route !== found);
}

function normalize(state: NetworkState, change: RouteChange, protocol: number): Route {
  const isInet6 = change.family === 'inet6';
  const base = {
    family: change.family,
    destination: canonicalDestination(change),
    gateway: change.gateway === '' ? '' : formatIp(requireIp(change.gateway)),
    source: change.source === '' ? '' : formatIp(requireIp(change.source)),
    table: change.table,
    priority: change.priority === 0 && isInet6 ? DEFAULT_METRIC_INET6 : change.priority,
    scope: isInet6 ? RT_SCOPE.UNIVERSE : change.scope,
    type: change.type,
    flags: 0,
    protocol,
    mtu: change.mtu,
  };
  const outLinkIndex =
    change.outLinkIndex === 0 && base.gateway !== '' ? linkTowards(state, { ...base, outLinkIndex: 0 }) : change.outLinkIndex;
  return { ...base, outLinkIndex, outLinkName: state.links.get(outLinkIndex)?.name ?? '' };
}

function canonicalDestination(change: RouteChange): string {
  if (change.destination === '') return '';
  const { ip, length } = requirePrefix(change.destination);
  const network = maskIp(ip, length);
  if (change.family === 'inet4' && !network.equals(ip)) throw rtnetlinkFault('EINVAL', 'use the destination', { ...change });
  return length === 0 ? '' : formatIpPrefix(network, length);
}

type Hop = Pick<Route, 'family' | 'gateway' | 'outLinkIndex' | 'scope'>;

function nextHopProblem(state: NetworkState, route: Route): string | undefined {
  const link = state.links.get(route.outLinkIndex);
  const isInet6 = route.family === 'inet6';
  const unreachable = isInet6 ? 'EHOSTUNREACH' : 'ENETUNREACH';
  if (route.outLinkIndex !== 0 && link === undefined) return route.gateway === '' || isInet6 ? 'ENODEV' : 'ENETUNREACH';
  if (route.gateway === '') {
    if (link === undefined) return 'ENODEV';
    return link.isUp ? undefined : 'ENETDOWN';
  }
  if (!isInet6 && route.scope >= RT_SCOPE.LINK) return 'EINVAL';
  if (isInet6 && isLocalAddress(state, route.gateway)) return 'EINVAL';
  if (linkTowards(state, route) === 0) return unreachable;
  return link?.isUp === true ? undefined : 'ENETDOWN';
}

/** The link that a gateway is reached by without another gateway; 0 when there is none. */
function linkTowards(state: NetworkState, hop: Hop): number {
  const gateway = requireIp(hop.gateway);
  if (isLinkLocalInet6(gateway)) return hop.outLinkIndex;
  const isLoopback = (index: number): boolean => state.links.get(index)?.type === 'loopback';
  const candidates = state.routes.filter(
    (route) =>
      route.family === hop.family &&
      (hop.family === 'inet4' ? route.gateway === '' && route.scope >= RT_SCOPE.LINK : !isLoopback(route.outLinkIndex)) &&
      !NO_NEXT_HOP.has(route.type) &&
      (hop.outLinkIndex === 0 || route.outLinkIndex === hop.outLinkIndex) &&
      covers(route.destination, gateway),
  );
  const best = candidates.toSorted((a, b) => lengthOf(b.destination) - lengthOf(a.destination) || a.priority - b.priority)[0];
  if (best !== undefined) return best.gateway === '' ? best.outLinkIndex : 0;
  return loopbackTowards(state, hop.outLinkIndex, gateway);
}

function lengthOf(destination: string): number {
  return destination === '' ? 0 : requirePrefix(destination).length;
}

/** The whole networks of the loopback are the host's own. */
function isOwnAddress(state: NetworkState, ip: string): boolean {
  return isLocalAddress(state, ip) || (!ip.includes(':') && loopbackTowards(state, 0, requireIp(ip)) !== 0);
}

/** Table `local` is not kept; of it, the networks of the loopback count as reachable by it. */
function loopbackTowards(state: NetworkState, outLinkIndex: number, ip: Buffer): number {
  const links = [...state.links.values()].filter((link) => link.type === 'loopback' && link.isUp);
  const isThere = (index: number): boolean =>
    (outLinkIndex === 0 || outLinkIndex === index) &&
    state.addresses.some(
      (address) => address.family === 'inet4' && address.linkIndex === index && covers(networkOf(address.address), ip),
    );
  return links.find((link) => isThere(link.index))?.index ?? 0;
}

function covers(destination: string, ip: Buffer): boolean {
  if (destination === '') return true;
  const prefix = requirePrefix(destination);
  return prefix.ip.length === ip.length && maskIp(ip, prefix.length).equals(prefix.ip);
}

function isLinkLocalInet6(ip: Buffer): boolean {
  return ip.length === 16 && ip[0] === 0xfe && ((ip[1] ?? 0) & 0xc0) === 0x80;
}

function isSameKey(a: Route, b: Route): boolean {
  return a.family === b.family && a.table === b.table && a.destination === b.destination && a.priority === b.priority;
}
