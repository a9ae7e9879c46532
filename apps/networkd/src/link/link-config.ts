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
}

/** A link that networkd makes and removes. */
export type MakeLink = { readonly kind: 'dummy' | 'bridge' } | { readonly kind: 'veth'; readonly peerName: string };

/** Reads a LinkSpec. A logical kind that is not made yet is taken as one that exists by itself. */
export function linkConfigOf(spec: LinkSpecSpec): LinkConfig {
  return { name: spec.name, isUp: spec.up, mtu: spec.mtu, make: spec.logical ? makeOf(spec) : undefined };
}

function makeOf(spec: LinkSpecSpec): MakeLink | undefined {
  if (spec.kind === 'dummy' || spec.kind === 'bridge') return { kind: spec.kind };
  const peerName = spec.veth?.peerName ?? '';
  return spec.kind === 'veth' && peerName !== '' ? { kind: 'veth', peerName } : undefined;
}
