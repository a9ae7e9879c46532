import { type KeyObject, randomBytes } from 'node:crypto';
import { bits, contextOf, type Der, encodeDer, integer, sequence, time } from './der.ts';
import { signatureAlgorithmOf, signBytes } from './key.ts';
import { encodePem } from './pem.ts';

/** The contents of a certificate, all but serial number and signature. */
export interface ToBeSigned {
  readonly issuer: Der;
  readonly subject: Der;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Der;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly extensions: readonly Der[];
}

/** Certificates are of version 3, which is written as 2. */
const VERSION_3 = 2;
const SERIAL_BYTES = 16;

/** Signs a certificate with a serial number of 128 random bits; PEM. */
export function signCertificate(contents: ToBeSigned, key: KeyObject): string {
  const algorithm = signatureAlgorithmOf(key);
  const body = sequence(
    contextOf(0, integer(Buffer.of(VERSION_3))),
    integer(randomBytes(SERIAL_BYTES)),
    algorithm,
    contents.issuer,
    sequence(time(contents.notBeforeMs), time(contents.notAfterMs)),
    contents.subject,
    contents.publicKey,
    contextOf(3, sequence(...contents.extensions)),
  );
  return encodePem('CERTIFICATE', encodeDer(sequence(body, algorithm, bits(signBytes(key, encodeDer(body))))));
}
