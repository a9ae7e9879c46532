import { type HostnameSpecSpec, HostnameStatusSpec } from '@minos/api/resource-specs';

/** HostnameStatus `hostname` from what is wanted; machined sets it in the kernel and writes the files. Empty without a name. */
export function hostnameStatuses(wanted: HostnameSpecSpec | undefined): ReadonlyMap<string, HostnameStatusSpec> {
  if (wanted === undefined || wanted.hostname === '') return new Map();
  return new Map([['hostname', HostnameStatusSpec.fromPartial({ hostname: wanted.hostname, domainname: wanted.domainname })]]);
}
