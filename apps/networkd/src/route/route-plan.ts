import type { Link, Route, RouteChange } from '@minos/host';
import { findLink } from '../network/find-link.ts';
import { isOurs } from '../network/ownership.ts';
import type { RouteConfig } from './route-config.ts';

/** One change to the routes. */
export type RouteStep =
  | { readonly op: 'remove-route'; readonly change: RouteChange }
  | { readonly op: 'add-route'; readonly change: RouteChange };

/** The part of the kernel's network that routes are planned on. */
export interface ObservedRoutes {
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
}

const IFF_UP = 1;

/**
 * The changes that make the routes equal the wanted ones; empty when they are. Only routes with our mark are removed; a
 * foreign route that says the same is as good; one whose link is missing or down waits.
 */
export function planRoutes(desired: readonly RouteConfig[], observed: ObservedRoutes): RouteStep[] {
  const wanted = new Map<string, RouteChange>();
  for (const config of desired) {
    const change = changeOf(config, observed.links);
    if (change !== undefined) wanted.set(keyOf(change), change);
  }
  const removals: RouteStep[] = [];
  const satisfied = new Set<string>();
  for (const found of observed.routes) {
    const want = wanted.get(keyOf(found));
    if (want !== undefined && agrees(want, found)) satisfied.add(keyOf(found));
    else if (isOurs.route(found)) removals.push({ op: 'remove-route', change: identityOf(found) });
  }
  const additions = [...wanted]
    .filter(([key]) => !satisfied.has(key))
    .map(([, change]): RouteStep => ({ op: 'add-route', change }));
  return [...removals, ...additions];
}

function changeOf(config: RouteConfig, links: readonly Link[]): RouteChange | undefined {
  const { linkName, ...rest } = config;
  if (linkName === '') return { ...rest, outLinkIndex: 0 };
  const link = findLink(links, linkName);
  return link !== undefined && (link.flags & IFF_UP) !== 0 ? { ...rest, outLinkIndex: link.index } : undefined;
}

/** What the kernel takes as one route: a second one with the same key is refused, whatever its gateway. */
function keyOf(route: Pick<Route, 'family' | 'table' | 'destination' | 'priority'>): string {
  return `${route.family} ${route.table} ${route.destination} ${route.priority}`;
}

function agrees(want: RouteChange, found: Route): boolean {
  return (
    want.gateway === found.gateway &&
    want.type === found.type &&
    want.mtu === found.mtu &&
    (want.outLinkIndex === 0 || want.outLinkIndex === found.outLinkIndex) &&
    (want.source === '' || want.source === found.source) &&
    (want.family === 'inet6' || want.scope === found.scope)
  );
}

function identityOf(found: Route): RouteChange {
  const { family, destination, gateway, source, outLinkIndex, table, priority, scope, type, mtu } = found;
  return { family, destination, gateway, source, outLinkIndex, table, priority, scope, type, mtu };
}
