import type { PEMEncodedCertificateAndKey } from '@minos/api/common';
import type { CertSANSpec } from '@minos/api/resource-specs';
import { isIssuedBy, isKeyOf, parseCertificate } from '@minos/pki';
import { formatNetIp } from '@minos/resource';

/** What a certificate must be like to go on being used. */
export interface WantedCertificate {
  readonly names: Pick<CertSANSpec, 'fqdn' | 'dnsNames' | 'iPs'>;
  /** False for client certificates, which carry no names but the common one. */
  readonly hasNames: boolean;
  /** PEM of the authorities that may have issued it. */
  readonly bundlePem: string;
}

/** Whether a certificate is good until a time, or another is needed now. */
export type CertificatePlan =
  | { readonly kind: 'keep'; readonly untilMs: number }
  | { readonly kind: 'issue'; readonly reason: 'none' | 'names' | 'authority' | 'half-life' };

/** Life of the certificates that a control plane issues to itself, in milliseconds. */
export const CERTIFICATE_TTL_MS = 24 * 3600 * 1000;

/** Clocks of one cluster may differ by this much, in milliseconds. */
export const CLOCK_DIFFERENCE_MS = 60_000;

/** Decides about one certificate: kept while it is what is wanted and not past half of its life. Pure. */
export function planCertificate(
  current: PEMEncodedCertificateAndKey | undefined,
  wanted: WantedCertificate,
  nowMs: number,
): CertificatePlan {
  if (current === undefined || current.crt.length === 0) return { kind: 'issue', reason: 'none' };
  const certPem = current.crt.toString('utf8');
  if (!isKeyOf(current.key.toString('utf8'), certPem)) return { kind: 'issue', reason: 'none' };
  const info = parseCertificate(certPem);
  // One that begins in a moment was made by a clock a little ahead of ours.
  const isAhead = info.notBeforeMs > nowMs && info.notBeforeMs - nowMs <= CLOCK_DIFFERENCE_MS;
  if (!isIssuedBy(certPem, wanted.bundlePem, isAhead ? info.notBeforeMs : nowMs)) return { kind: 'issue', reason: 'authority' };
  if (info.subject.commonName !== wanted.names.fqdn) return { kind: 'issue', reason: 'names' };
  if (wanted.hasNames && !hasSame(info, wanted)) return { kind: 'issue', reason: 'names' };
  const halfMs = info.notBeforeMs + (info.notAfterMs - info.notBeforeMs) / 2;
  return nowMs >= halfMs ? { kind: 'issue', reason: 'half-life' } : { kind: 'keep', untilMs: halfMs };
}

function hasSame(info: { dnsNames: readonly string[]; ipAddresses: readonly string[] }, { names }: WantedCertificate): boolean {
  // Both texts go through the same form of an address, so that they compare as what they mean.
  const key = (dns: readonly string[], ips: readonly string[]): string => JSON.stringify([[...dns].sort(), [...ips].sort()]);
  return key(info.dnsNames, info.ipAddresses) === key(names.dnsNames, names.iPs.map(formatNetIp));
}
