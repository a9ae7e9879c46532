import { CertSANSpec, type HostnameStatusSpec, type OSRootSpec } from '@minos/api/resource-specs';
import { formatNetIp, netIp } from '@minos/resource';

/** From what the names of the API's certificate follow. */
export interface CertSanInputs {
  readonly root: Pick<OSRootSpec, 'certSaniPs' | 'certSandnsNames'>;
  readonly hostname: HostnameStatusSpec;
  /** Every address that the node has had since it started, without prefix length. */
  readonly addresses: ReadonlySet<string>;
}

const LOOPBACK = '127.0.0.1';

/** Names and addresses for the API's certificate: sorted, without repetition and trailing dots; the loopback address is one. Pure. */
export function certSans({ root, hostname, addresses }: CertSanInputs): CertSANSpec {
  const fqdn = fqdnOf(hostname);
  const names = [...root.certSandnsNames, hostname.hostname, fqdn].map((name) => name.replace(/\.$/, ''));
  const ips = [...root.certSaniPs.map(formatNetIp), ...addresses, LOOPBACK];
  return CertSANSpec.fromPartial({ fqdn, dnsNames: sorted(names), iPs: sorted(ips).map(netIp) });
}

/** The host name with its domain, where it has one. */
function fqdnOf({ hostname, domainname }: HostnameStatusSpec): string {
  return domainname === '' || hostname === '' ? hostname : `${hostname}.${domainname}`;
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values.filter((value) => value !== ''))].sort();
}
