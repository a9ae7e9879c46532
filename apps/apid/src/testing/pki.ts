import { type IssueOptions, issueCertificate, type KeyPairPem, newCertificateAuthority } from '@minos/pki';

const HOUR_MS = 3_600_000;

/** A throw-away authority, as a node's. */
export function testAuthority(): KeyPairPem {
  return newCertificateAuthority({ organization: 'talos', nowMs: Date.now() - HOUR_MS });
}

/** A server's certificate for these addresses. */
export function serverCertificate(ca: KeyPairPem, ipAddresses: readonly string[]): KeyPairPem {
  return issued(ca, { subject: { commonName: 'node' }, ipAddresses, dnsNames: ['localhost'], usages: ['serverAuth'] });
}

/** A client's certificate with these organizations. */
export function clientCertificate(
  ca: KeyPairPem,
  organizations: readonly string[],
  more: Partial<Omit<IssueOptions, 'ca'>> = {},
): KeyPairPem {
  return issued(ca, { subject: { organizations }, usages: ['clientAuth'], ...more });
}

function issued(ca: KeyPairPem, options: Pick<IssueOptions, 'subject' | 'usages'> & Partial<IssueOptions>): KeyPairPem {
  return issueCertificate({ notBeforeMs: Date.now() - HOUR_MS, ttlMs: 2 * HOUR_MS, ...options, ca });
}
