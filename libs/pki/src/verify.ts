import { X509Certificate } from 'node:crypto';
import { readPrivateKey, spkiOf } from './key.ts';
import { parseCertificate, splitBundle } from './parse-certificate.ts';

/** Whether a certificate is in force at a time and signed by one of the authorities in a PEM bundle. False for bad input. */
export function isIssuedBy(certPem: string, bundlePem: string, nowMs: number): boolean {
  try {
    const { notBeforeMs, notAfterMs } = parseCertificate(certPem);
    if (nowMs < notBeforeMs || nowMs >= notAfterMs) return false;
    const certificate = new X509Certificate(certPem);
    return splitBundle(bundlePem).some((pem) => {
      const authority = new X509Certificate(pem);
      return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
    });
  } catch {
    return false;
  }
}

/** Whether a private key belongs to a certificate, both PEM. False for bad input. */
export function isKeyOf(keyPem: string, certPem: string): boolean {
  try {
    const own = new X509Certificate(certPem).publicKey.export({ type: 'spki', format: 'der' });
    return own.equals(spkiOf(readPrivateKey(keyPem)));
  } catch {
    return false;
  }
}
