import type { HostnameStatusSpec, NodeAddressSpec } from '@minos/api/resource-specs';
import { formatIp } from '@minos/base';

/** What this node is called: its addresses, its hostname and, where it has a domain, its full name. */
export function ownNames(addresses: NodeAddressSpec | undefined, hostname: HostnameStatusSpec | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { ip } of addresses?.addresses ?? []) names.add(formatIp(ip));
  if (hostname === undefined || hostname.hostname === '') return names;
  names.add(hostname.hostname);
  if (hostname.domainname !== '') names.add(`${hostname.hostname}.${hostname.domainname}`);
  return names;
}
