import { isIPv4 } from 'node:net';
import { AffiliateSpec, MachineType } from '@minos/api/resource-specs';
import type { CertificateInfo } from '@minos/pki';
import { netIp } from '@minos/resource';

/** A node that was signed for. */
export interface Affiliate {
  readonly id: string;
  readonly spec: AffiliateSpec;
  /** When its certificate ends, milliseconds since the epoch. */
  readonly expiresMs: number;
}

/** Annotation of an Affiliate: when the certificate that it stands for ends, in RFC 3339. */
export const EXPIRES = 'minos.dev/expires';

/** Metadata of a request in which a node may say what it runs. */
export const OPERATING_SYSTEM = 'minos-operating-system';
const PRINTABLE = /^[\x20-\x7e]{1,80}$/;

/**
 * The node that a certificate stands for; the same names always make the same id. What it says to run is only shown: it is
 * left out when it is long or not printable. Pure.
 */
export function affiliateOf(issued: CertificateInfo, callerAddress: string, operatingSystem = ''): Affiliate {
  const hostname = issued.subject.commonName || issued.dnsNames[0] || callerAddress;
  const named = issued.ipAddresses.filter(isRoutable);
  const addresses = named.length > 0 || callerAddress === '' ? named : [callerAddress];
  const spec = AffiliateSpec.fromPartial({
    nodeId: hostname,
    hostname,
    nodename: hostname.split('.')[0] ?? hostname,
    machineType: MachineType.TYPE_WORKER,
    operatingSystem: PRINTABLE.test(operatingSystem) ? operatingSystem : '',
    addresses: addresses.map(netIp),
  });
  return { id: hostname, spec, expiresMs: issued.notAfterMs };
}

/** Not the node itself, and not only its link. */
function isRoutable(address: string): boolean {
  if (isIPv4(address)) return !address.startsWith('127.') && !address.startsWith('169.254.');
  return address !== '::1' && !/^fe[89ab]/i.test(address);
}
