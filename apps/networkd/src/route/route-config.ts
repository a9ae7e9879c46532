import type { RouteSpecSpec } from '@minos/api/resource-specs';
import { formatIpPrefix, maskIp, parseIp } from '@minos/base';
import { RT_SCOPE, RT_TABLE, RTN } from '@minos/host';
import { formatNetIp } from '@minos/resource';

/** A route as it is wanted, in the form in which the kernel shows it. */
export interface RouteConfig {
  readonly family: 'inet4' | 'inet6';
  /** Empty for the default route. */
  readonly destination: string;
  readonly gateway: string;
  readonly source: string;
  /** Name, alternative name or alias of the link; empty when the kernel is to find it by the gateway. */
  readonly linkName: string;
  readonly table: number;
  readonly priority: number;
  readonly scope: number;
  readonly type: number;
  readonly mtu: number;
}

/** IPv6 shows a route without a metric with this one. */
const DEFAULT_METRIC_INET6 = 1024;

/** Reads a RouteSpec and fills in what the kernel would: table, metric of IPv6, scope, type; a source is of no use with a link-local gateway. */
export function routeConfigOf(spec: RouteSpecSpec): RouteConfig {
  const ip = spec.destination?.ip ?? Buffer.alloc(0);
  const length = ip.length === 0 ? 0 : (spec.destination?.prefixLength ?? 0);
  const gateway = formatNetIp(spec.gateway);
  const family = familyOf(spec, ip, gateway);
  const hasDestination = length > 0;
  return {
    family,
    destination: hasDestination ? formatIpPrefix(maskIp(ip, length), length) : '',
    gateway,
    source: family === 'inet6' && /^fe[89ab]/.test(gateway) ? '' : formatNetIp(spec.source),
    linkName: spec.outLinkName,
    table: spec.table === 0 ? RT_TABLE.MAIN : spec.table,
    priority: spec.priority === 0 && family === 'inet6' ? DEFAULT_METRIC_INET6 : spec.priority,
    scope: family === 'inet6' ? RT_SCOPE.UNIVERSE : scopeOf(hasDestination ? ip : undefined, gateway),
    type: typeOf(spec, hasDestination ? ip : undefined),
    mtu: spec.mtu,
  };
}

function familyOf(spec: RouteSpecSpec, destination: Buffer, gateway: string): RouteConfig['family'] {
  if (spec.family !== 0) return spec.family === 2 ? 'inet4' : 'inet6';
  const ip = destination.length > 0 ? destination : parseIp(gateway);
  return ip?.length === 16 ? 'inet6' : 'inet4';
}

function scopeOf(destination: Buffer | undefined, gateway: string): number {
  if (destination === undefined || gateway !== '') return RT_SCOPE.UNIVERSE;
  return destination[0] === 127 ? RT_SCOPE.HOST : RT_SCOPE.LINK;
}

function typeOf(spec: RouteSpecSpec, destination: Buffer | undefined): number {
  const first = destination?.[0] ?? 0;
  const isMulticast = destination !== undefined && (destination.length === 4 ? first >= 224 && first < 240 : first === 0xff);
  if (isMulticast) return RTN.MULTICAST;
  return spec.type === 0 ? RTN.UNICAST : spec.type;
}
