import { type Link, OWN_ALT_NAME_PREFIX } from '@minos/host';
import { findLink } from '../network/find-link.ts';
import { isOurs } from '../network/ownership.ts';
import type { LinkConfig, MakeLink } from './link-config.ts';

/** One change to the links. */
export type LinkStep =
  | { readonly op: 'delete-link'; readonly name: string; readonly index: number }
  | { readonly op: 'create-link'; readonly name: string; readonly make: MakeLink; readonly altName: string }
  | { readonly op: 'refuse-link'; readonly name: string; readonly kind: string }
  | { readonly op: 'set-mtu'; readonly name: string; readonly index: number; readonly mtu: number }
  | { readonly op: 'set-up'; readonly name: string; readonly index: number }
  | { readonly op: 'set-down'; readonly name: string; readonly index: number };

const IFF_UP = 1;
const LOOPBACK: LinkConfig = { name: 'lo', isUp: true, mtu: 0, make: undefined, unknownKind: '' };

/**
 * The changes that make the links equal the wanted ones; empty when they are. Only links with our mark are deleted, a
 * wanted physical link that is missing is waited for, and the loopback is always wanted.
 */
export function planLinks(desired: readonly LinkConfig[], observed: readonly Link[]): LinkStep[] {
  const wanted = desired.some((config) => config.name === LOOPBACK.name) ? desired : [LOOPBACK, ...desired];
  const kept = observed.filter((link) => !isOurs.link(link) || isWanted(wanted, link));
  const gone = observed.filter((link) => !kept.includes(link));
  return [
    ...gone.map((link): LinkStep => ({ op: 'delete-link', name: link.name, index: link.index })),
    ...wanted.flatMap((config) => planLink(config, findLink(kept, config.name))),
  ];
}

/** The alternative name that marks a link as made by networkd. */
export function ownAltName(name: string): string {
  return `${OWN_ALT_NAME_PREFIX}${name}`;
}

function isWanted(wanted: readonly LinkConfig[], link: Link): boolean {
  return wanted.some((config) => config.make !== undefined && config.name === link.name && config.make.kind === link.kind);
}

function planLink(config: LinkConfig, link: Link | undefined): LinkStep[] {
  if (link === undefined) return planMissing(config);
  const { name, index } = link;
  const steps: LinkStep[] = [];
  if (config.mtu !== 0 && config.mtu !== link.mtu) steps.push({ op: 'set-mtu', name, index, mtu: config.mtu });
  const isUp = (link.flags & IFF_UP) !== 0;
  if (isUp !== config.isUp) steps.push({ op: config.isUp ? 'set-up' : 'set-down', name, index });
  return steps;
}

function planMissing({ name, make, unknownKind }: LinkConfig): LinkStep[] {
  if (make !== undefined) return [{ op: 'create-link', name, make, altName: ownAltName(name) }];
  return unknownKind === '' ? [] : [{ op: 'refuse-link', name, kind: unknownKind }];
}
