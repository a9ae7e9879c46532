import { NethelpersFamily, RouteStatusSpec } from '@minos/api/resource-specs';
import { type Route, RT_TABLE } from '@minos/host';
import { netIp, netIpPrefix } from '@minos/resource';

const TABLE_NAMES: Readonly<Record<number, string>> = { [RT_TABLE.DEFAULT]: 'default', [RT_TABLE.LOCAL]: 'local' };

/** RouteStatus of each route, by `[<table>/][<link>/]<family>/<gateway>/<destination>/<metric>`: the table unless it is main, the link for IPv6. */
export function routeStatuses(routes: readonly Route[]): ReadonlyMap<string, RouteStatusSpec> {
  return new Map(routes.map((route) => [routeId(route), routeStatus(route)]));
}

function routeId(route: Route): string {
  const table = route.table === RT_TABLE.MAIN ? [] : [TABLE_NAMES[route.table] ?? String(route.table)];
  const link = route.family === 'inet6' && route.outLinkName !== '' ? [route.outLinkName] : [];
  return [...table, ...link, route.family, route.gateway, route.destination, route.priority].join('/');
}

function routeStatus(route: Route): RouteStatusSpec {
  return RouteStatusSpec.fromPartial({
    family: route.family === 'inet4' ? NethelpersFamily.FAMILY_INET4 : NethelpersFamily.FAMILY_INET6,
    ...(route.destination === '' ? {} : { destination: netIpPrefix(route.destination) }),
    ...(route.source === '' ? {} : { source: netIp(route.source) }),
    ...(route.gateway === '' ? {} : { gateway: netIp(route.gateway) }),
    outLinkIndex: route.outLinkIndex,
    outLinkName: route.outLinkName,
    priority: route.priority,
    flags: route.flags,
    mtu: route.mtu,
    // The enumerations name numbers of the kernel; one without a name is as good on the wire.
    table: route.table as RouteStatusSpec['table'],
    scope: route.scope as RouteStatusSpec['scope'],
    type: route.type as RouteStatusSpec['type'],
    protocol: route.protocol as RouteStatusSpec['protocol'],
  });
}
