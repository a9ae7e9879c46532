import type { Link, LinkAddress } from '@minos/host';
import { findLink } from '../network/find-link.ts';
import { isOurs } from '../network/ownership.ts';
import { type AddressConfig, KEPT_FLAGS } from './address-config.ts';

/** One change to the addresses. */
export type AddressStep =
  | { readonly op: 'remove-address'; readonly linkName: string; readonly linkIndex: number; readonly address: string }
  | { readonly op: 'add-address'; readonly linkName: string; readonly linkIndex: number; readonly config: AddressConfig };

/** The part of the kernel's network that addresses are planned on. */
export interface ObservedAddresses {
  readonly links: readonly Link[];
  readonly addresses: readonly LinkAddress[];
}

/**
 * The changes that make the addresses equal the wanted ones; empty when they are. An address without our mark that nobody
 * wants stays; a wanted one that differs in scope, flags or metric is made again; one on a link that is missing waits.
 */
export function planAddresses(desired: readonly AddressConfig[], observed: ObservedAddresses): AddressStep[] {
  const wanted = new Map<string, { link: Link; config: AddressConfig }>();
  for (const config of desired) {
    const link = findLink(observed.links, config.linkName);
    if (link !== undefined) wanted.set(keyOf(link.index, config.address), { link, config });
  }
  const removals: AddressStep[] = [];
  const satisfied = new Set<string>();
  for (const found of observed.addresses) {
    const key = keyOf(found.linkIndex, found.address);
    const want = wanted.get(key)?.config;
    if (want !== undefined && agrees(want, found)) satisfied.add(key);
    else if (want !== undefined || isOurs.address(found)) {
      removals.push({ op: 'remove-address', linkName: found.linkName, linkIndex: found.linkIndex, address: found.address });
    }
  }
  const additions = [...wanted]
    .filter(([key]) => !satisfied.has(key))
    .map(([, { link, config }]): AddressStep => ({ op: 'add-address', linkName: link.name, linkIndex: link.index, config }));
  return [...removals, ...additions];
}

function keyOf(linkIndex: number, address: string): string {
  return `${linkIndex}/${address}`;
}

/** The kernel alone decides the scope of an IPv6 address. */
function agrees(want: AddressConfig, found: LinkAddress): boolean {
  return (
    (want.family === 'inet6' || want.scope === found.scope) &&
    (want.flags & KEPT_FLAGS) === (found.flags & KEPT_FLAGS) &&
    want.priority === found.priority
  );
}
