import { type ResolverSpecSpec, ResolverStatusSpec } from '@minos/api/resource-specs';

/** ResolverStatus `resolvers` from what is wanted; machined writes resolv.conf from it. Empty when nothing is wanted. */
export function resolverStatuses(wanted: ResolverSpecSpec | undefined): ReadonlyMap<string, ResolverStatusSpec> {
  if (wanted === undefined) return new Map();
  const { dnsServers, searchDomains, nameServers } = wanted;
  return new Map([['resolvers', ResolverStatusSpec.fromPartial({ dnsServers, searchDomains, nameServers })]]);
}
