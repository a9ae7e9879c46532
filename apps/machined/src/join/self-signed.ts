import { APICertsSpec, type CertSANSpec, type OSRootSpec } from '@minos/api/resource-specs';
import { selfSigned } from '@minos/pki';
import { formatNetIp } from '@minos/resource';
import { CERTIFICATE_TTL_MS } from '../secrets/certificate-plan.ts';

/** What a node that nobody signed for yet can show, so that an administrator can reach and correct it. */
export interface SelfSignedCertificates {
  readonly api: APICertsSpec;
  /** Base64 of the SHA-256 of its public key. */
  readonly fingerprint: string;
}

/** Makes a certificate that vouches for itself; clients must still come with one from an accepted authority. */
export function selfSignedCertificates(
  { root, sans }: { readonly root: OSRootSpec; readonly sans: CertSANSpec },
  nowMs: number,
): SelfSignedCertificates {
  const { certPem, keyPem, fingerprint } = selfSigned({
    subject: { commonName: sans.fqdn },
    dnsNames: sans.dnsNames,
    ipAddresses: sans.iPs.map(formatNetIp),
    usages: ['serverAuth'],
    notBeforeMs: nowMs,
    ttlMs: CERTIFICATE_TTL_MS,
  });
  const server = { crt: Buffer.from(certPem), key: Buffer.from(keyPem) };
  return { api: APICertsSpec.fromPartial({ server, acceptedCAs: root.acceptedCAs }), fingerprint };
}
