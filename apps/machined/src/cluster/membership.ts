import type { AffiliateSpec, MemberSpec } from '@minos/api/resource-specs';
import { MemberSpec as Member } from '@minos/api/resource-specs';

/** A node that may be a member, and until when it is believed to be one. */
export interface KnownAffiliate {
  readonly spec: AffiliateSpec;
  /** Undefined for one that never expires. */
  readonly expiresMs: number | undefined;
}

/** The members that follow from what is known, by host name; a node without a name or an address is none yet. Pure. */
export function membersOf(known: Iterable<KnownAffiliate>, nowMs: number): ReadonlyMap<string, MemberSpec> {
  const members = new Map<string, MemberSpec>();
  const newestLast = [...known].sort(
    (a, b) => (a.expiresMs ?? Number.POSITIVE_INFINITY) - (b.expiresMs ?? Number.POSITIVE_INFINITY),
  );
  for (const { spec, expiresMs } of newestLast) {
    if (expiresMs !== undefined && expiresMs <= nowMs) continue;
    if (spec.hostname === '' || spec.addresses.length === 0) continue;
    const { nodeId, addresses, hostname, machineType, operatingSystem, controlPlane } = spec;
    members.set(hostname, Member.fromPartial({ nodeId, addresses, hostname, machineType, operatingSystem, controlPlane }));
  }
  return members;
}
