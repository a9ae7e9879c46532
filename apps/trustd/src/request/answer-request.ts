import { Fault } from '@minos/base';
import { type CertificateInfo, parseCertificate, signRequest } from '@minos/pki';
import type { TrustMaterial } from '../material/trust-material.ts';

/** An answered request: what goes back, and what the new certificate says. */
export interface Answer {
  readonly bundlePem: string;
  readonly certPem: string;
  readonly issued: CertificateInfo;
}

/** Life of a certificate for a joining node, in milliseconds. */
export const CERTIFICATE_TTL_MS = 24 * 3600 * 1000;

/** A request with a key of RSA and a hundred names takes a tenth of this. */
const MAX_REQUEST_CHARACTERS = 64 * 1024;

/**
 * Signs a request for a server certificate of a day, from now on. Throws a Fault `invalid` for what is not a request,
 * `internal` for one that cannot be signed, `unavailable` while this node has no authority to sign with.
 */
export function answerRequest(csrPem: string, material: TrustMaterial, nowMs: number): Answer {
  const { issuer: ca, bundlePem } = material;
  if (csrPem.length > MAX_REQUEST_CHARACTERS) throw new Fault('invalid', 'the certificate request is too large');
  if (ca === undefined) throw new Fault('unavailable', 'this node has no authority to sign with');
  const { certPem } = signRequest({ ca, csrPem, notBeforeMs: nowMs, ttlMs: CERTIFICATE_TTL_MS });
  return { bundlePem, certPem, issued: parseCertificate(certPem) };
}
