import { hash } from 'node:crypto';
import { Fault } from '@minos/base';
import { childrenOf, type Der, decodeDer, encodeDer, isContext, timeOf } from './der.ts';
import { readExtensions } from './extensions.ts';
import { type KeyKind, keyKindOf, readPublicKey } from './key.ts';
import { encodePem, pemBlocks, pemToDer } from './pem.ts';
import { readSubject, type Subject } from './subject.ts';

/** What a certificate says. */
export interface CertificateInfo {
  readonly subject: Required<Subject>;
  readonly issuer: Required<Subject>;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly isCa: boolean;
  /** `serverAuth`, `clientAuth`, or the dotted identifier of another usage, in the order written. */
  readonly extendedKeyUsages: readonly string[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly keyKind: KeyKind | 'other';
  /** Base64 of the SHA-256 of the public key: what a client pins. */
  readonly spkiFingerprint: string;
}

/** The parts of a certificate as they are encoded, for those who sign or verify with it. */
export interface CertificateParts {
  readonly subject: Der;
  readonly issuer: Der;
  readonly validity: Der;
  readonly publicKey: Der;
  readonly extensions: Der | undefined;
}

/** The encoded parts of a certificate; throws a Fault `invalid` when the bytes are not one. */
export function certificateParts(der: Uint8Array): CertificateParts {
  const body = childrenOf(childrenOf(decodeDer(der))[0]);
  const at = body[0] !== undefined && isContext(body[0], 0) ? 1 : 0;
  const [, , issuer, validity, subject, publicKey] = body.slice(at);
  const extensions = body.find((part) => isContext(part, 3));
  if (issuer === undefined || validity === undefined || subject === undefined || publicKey === undefined) {
    throw new Fault('invalid', 'not an X.509 certificate');
  }
  return { issuer, validity, subject, publicKey, extensions: extensions === undefined ? undefined : childrenOf(extensions)[0] };
}

/** Reads the first certificate of a PEM text, or DER; throws a Fault `invalid` when there is none. */
export function parseCertificate(certificate: string | Uint8Array): CertificateInfo {
  const parts = certificateParts(typeof certificate === 'string' ? pemToDer(certificate, 'CERTIFICATE') : certificate);
  const [notBefore, notAfter] = childrenOf(parts.validity);
  return {
    subject: readSubject(parts.subject),
    issuer: readSubject(parts.issuer),
    notBeforeMs: timeOf(notBefore),
    notAfterMs: timeOf(notAfter),
    ...readExtensions(parts.extensions),
    keyKind: keyKindOf(readPublicKey(encodeDer(parts.publicKey))) ?? 'other',
    spkiFingerprint: fingerprint(parts.publicKey),
  };
}

/** The single certificates of a PEM bundle, each as PEM, in order. */
export function splitBundle(pem: string): readonly string[] {
  return pemBlocks(pem)
    .filter((block) => block.label === 'CERTIFICATE')
    .map((block) => encodePem(block.label, block.der));
}

/** Base64 of the SHA-256 of a certificate's public key (PEM or DER); throws a Fault `invalid` when it is not one. */
export function spkiFingerprint(certificate: string | Uint8Array): string {
  const der = typeof certificate === 'string' ? pemToDer(certificate, 'CERTIFICATE') : certificate;
  return fingerprint(certificateParts(der).publicKey);
}

function fingerprint(publicKey: Der): string {
  return hash('sha256', encodeDer(publicKey), 'base64');
}
