import { Secret } from '@minos/base';
import { isKeyOf, parseCertificate, splitBundle } from '@minos/pki';
import type { Issue, Path } from './issue.ts';
import { textAt, type YamlValue } from './yaml-value.ts';

/** A certificate, and its key where this node may have it; PEM texts. */
export interface CertificateAndKey {
  readonly certPem: string;
  readonly keyPem: Secret | undefined;
}

/** Where a pair stands and in which writing. */
export interface PairField {
  readonly at: Path;
  /** `base64`: keys `crt` and `key`, base64 of PEM; `text`: keys `cert` and `key`, PEM. */
  readonly writing: 'base64' | 'text';
}

/** The PEM text in base64 of PEM. */
export function decodeBase64Pem(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

/** Base64 of a PEM text, as configurations carry it. */
export function encodeBase64Pem(pem: string): string {
  return Buffer.from(pem, 'utf8').toString('base64');
}

/** Reads a certificate with its key; undefined when there is neither. What is unreadable, or does not belong together, becomes an issue. */
export function readPair(value: YamlValue | undefined, field: PairField, issues: Issue[]): CertificateAndKey | undefined {
  const certName = field.writing === 'base64' ? 'crt' : 'cert';
  const decode = (text: string | undefined): string =>
    text === undefined ? '' : field.writing === 'base64' ? decodeBase64Pem(text) : text;
  const certPem = decode(textAt(value, certName));
  const keyPem = decode(textAt(value, 'key'));
  if (certPem === '' && keyPem === '') return undefined;
  if (!isCertificate(certPem)) {
    issues.push({
      at: [...field.at, certName],
      expected: `a certificate in ${field.writing === 'base64' ? 'base64 of PEM' : 'PEM'}`,
    });
    return undefined;
  }
  if (keyPem !== '' && !isKeyOf(keyPem, certPem)) {
    issues.push({ at: [...field.at, 'key'], expected: 'the private key of the certificate beside it' });
  }
  return { certPem, keyPem: keyPem === '' ? undefined : new Secret(keyPem) };
}

/** Whether a text is one readable certificate or more. */
export function isCertificate(pem: string): boolean {
  try {
    const all = splitBundle(pem);
    for (const one of all) parseCertificate(one);
    return all.length > 0;
  } catch {
    return false;
  }
}
