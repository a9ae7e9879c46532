import type { LinkSpecSpec } from '@minos/api/resource-specs';

/** A link as it is wanted. */
export interface LinkConfig {
  /** Name, alternative name or alias. */
  readonly name: string;
  readonly isUp: boolean;
  /** 0 leaves the MTU as it is. */
  readonly mtu: number;
  /** What to make when it is not there; undefined for a link that exists by itself. */
  readonly make: MakeLink | undefined;
  /** The kind of a link that networkd should make and cannot yet; empty for all others. */
  readonly unknownKind: string;
}

/** A link that networkd makes and removes. */
export type MakeLink = { readonly kind: 'dummy' | 'bridge' } | { readonly kind: 'veth'; readonly peerName: string };

/** Reads a LinkSpec. */
export function linkConfigOf(spec: LinkSpecSpec): LinkConfig {
  const make = spec.logical ? makeOf(spec) : undefined;
  return {
    name: spec.name,
    isUp: spec.up,
    mtu: spec.mtu,
    make,
    unknownKind: spec.logical && make === undefined ? spec.kind : '',
  };
}

function makeOf(spec: LinkSpecSpec): MakeLink | undefined {
  if (spec.kind === 'dummy' || spec.kind === 'bridge') return { kind: spec.kind };
  const peerName = spec.veth?.peerName ?? '';
  return spec.kind === 'veth' && peerName !== '' ? { kind: 'veth', peerName } : undefined;
}
