import { isFault } from '@minos/base';
import type { Rtnetlink } from '../port/rtnetlink.ts';
import { IFA_F, IFF, RT_SCOPE, RT_TABLE, RTN } from '../rtnetlink/rtnetlink-constants.ts';

/** One step of a random walk through networks, in names instead of indexes. */
export type NetworkOperation =
  | { readonly op: 'create'; readonly kind: 'veth' | 'bridge'; readonly name: string }
  | { readonly op: 'delete'; readonly name: string }
  | { readonly op: 'up' | 'down'; readonly name: string }
  | { readonly op: 'mtu'; readonly name: string; readonly mtu: number }
  | { readonly op: 'add-address' | 'delete-address'; readonly name: string; readonly address: string }
  | { readonly op: 'add-route' | 'delete-route'; readonly name: string; readonly route: WalkRoute };

interface WalkRoute {
  readonly destination: string;
  readonly gateway: string;
  readonly source: string;
  readonly priority: number;
}

const NAMES = ['lo', 'a0', 'a1', 'b0', 'b1', 'c0'];
const ADDRESSES = [
  '10.1.0.1/24',
  '10.1.0.2/24',
  '10.1.0.1/16',
  '10.2.0.1/24',
  '10.3.0.1/32',
  'fd01::1/64',
  'fd01::2/64',
  'fd01::1/48',
  'fd02::1/64',
  'fd03::1/128',
];
/** Routes of one family each: what the kernel says to a mixture is of no use. */
const ROUTE_PARTS = [
  {
    destinations: ['', '10.9.0.0/24', '10.9.0.1/24', '10.1.0.0/24'],
    gateways: ['', '10.1.0.254', '10.2.0.254', '10.7.0.254'],
    sources: ['', '', '10.1.0.1'],
  },
  {
    destinations: ['fd09::/64', 'fd09::1/64', 'fd01::/64'],
    gateways: ['', 'fd01::fe', 'fd02::fe', 'fd07::fe'],
    sources: ['', '', 'fd01::1'],
  },
] as const;

/** The operations of a seed, always the same. Numbers by mulberry32. */
export function randomOperations(seed: number, length: number): NetworkOperation[] {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
  const pick = <T>(from: readonly T[], otherwise: T): T => from[below(from.length)] ?? otherwise;
  const first: NetworkOperation[] = [
    { op: 'create', kind: 'veth', name: 'a0' },
    { op: 'create', kind: 'veth', name: 'b0' },
  ];
  const rest = Array.from({ length }, (): NetworkOperation => {
    const name = pick(NAMES, 'lo');
    const dice = below(100);
    if (dice < 4) return { op: 'create', kind: name === 'c0' ? 'bridge' : 'veth', name };
    if (dice < 6) return { op: 'delete', name };
    if (dice < 26) return { op: below(3) === 0 ? 'down' : 'up', name };
    if (dice < 30) return { op: 'mtu', name, mtu: name === 'lo' ? 1500 : pick([10, 1280, 1400, 1500], 1500) };
    if (dice < 65) return { op: below(3) === 0 ? 'delete-address' : 'add-address', name, address: pick(ADDRESSES, '') };
    const parts = ROUTE_PARTS[below(2)] ?? ROUTE_PARTS[0];
    const route = {
      destination: pick<string>(parts.destinations, ''),
      gateway: pick<string>(parts.gateways, ''),
      source: pick<string>(parts.sources, ''),
      priority: pick([0, 0, 100], 0),
    };
    return { op: below(4) === 0 ? 'delete-route' : 'add-route', name, route };
  });
  return [...first, ...rest];
}

/** Carries out one operation; `done`, or the kind of the refusal. */
export async function performOperation(rtnetlink: Rtnetlink, operation: NetworkOperation): Promise<string> {
  try {
    await perform(rtnetlink, operation);
    return 'done';
  } catch (e) {
    if (isFault(e)) return e.kind;
    throw e;
  }
}

async function perform(rtnetlink: Rtnetlink, operation: NetworkOperation): Promise<void> {
  const linkIndex = (await rtnetlink.links()).find((link) => link.name === operation.name)?.index ?? 999;
  const { name } = operation;
  switch (operation.op) {
    case 'create':
      return rtnetlink.createLink({
        name,
        kind: operation.kind,
        altName: `minos-${name}`,
        ...(operation.kind === 'veth' ? { peerName: `${name[0]}1` } : {}),
      });
    case 'delete':
      return rtnetlink.deleteLink(linkIndex);
    case 'up':
    case 'down':
      return rtnetlink.setLink(linkIndex, { up: operation.op === 'up' });
    case 'mtu':
      return rtnetlink.setLink(linkIndex, { mtu: operation.mtu });
    case 'add-address':
      return rtnetlink.addAddress({
        linkIndex,
        address: operation.address,
        scope: 0,
        priority: 0,
        flags: operation.address.includes(':') ? IFA_F.NODAD : 0,
      });
    case 'delete-address':
      return rtnetlink.deleteAddress({ linkIndex, address: operation.address });
    case 'add-route':
      return rtnetlink.addRoute(changeOf(operation.route, linkIndex));
    case 'delete-route':
      return rtnetlink.deleteRoute(changeOf(operation.route, linkIndex));
  }
}

function changeOf(route: WalkRoute, outLinkIndex: number): Parameters<Rtnetlink['addRoute']>[0] {
  const isInet6 = [route.destination, route.gateway, route.source].some((text) => text.includes(':'));
  const scope = route.gateway === '' && route.destination !== '' && !isInet6 ? RT_SCOPE.LINK : RT_SCOPE.UNIVERSE;
  return { ...route, family: isInet6 ? 'inet6' : 'inet4', outLinkIndex, table: RT_TABLE.MAIN, scope, type: RTN.UNICAST, mtu: 0 };
}

/** What two networks must have in common, as sorted lines; link-local addresses and table `local` are left out. */
export async function networkPicture(rtnetlink: Rtnetlink): Promise<string[]> {
  const links = (await rtnetlink.links()).map(
    (l) => `link ${l.name} ${(l.flags & IFF.UP) !== 0 ? 'up' : 'down'} ${l.mtu} ${l.kind} ${l.altNames.join()}`,
  );
  const addresses = (await rtnetlink.addresses())
    .filter((a) => a.scope !== RT_SCOPE.LINK)
    .map(
      (a) =>
        `address ${a.linkName} ${a.address} ${a.broadcast} ${a.protocol} ${a.scope} ${(a.flags & IFA_F.SECONDARY) !== 0 && a.family === 'inet4' ? 'secondary' : ''}`,
    );
  const routes = (await rtnetlink.routes())
    .filter((r) => r.table === RT_TABLE.MAIN && !r.destination.startsWith('fe80:'))
    .map(
      (r) =>
        `route ${r.destination} via ${r.gateway} dev ${r.outLinkName} src ${r.source} ${r.priority} ${r.protocol} ${r.scope} ${r.type}`,
    );
  return [...links, ...addresses, ...routes].map((line) => line.trim()).sort();
}
