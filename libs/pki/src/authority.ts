import type { KeyObject } from 'node:crypto';
import { Fault } from '@minos/base';
import { type Der, decodeDer, encodeDer } from './der.ts';
import {
  authorityExtension,
  extendedKeyUsageExtension,
  keyIdentifier,
  keyUsageExtension,
  readSubjectKeyId,
  subjectKeyExtension,
} from './extensions.ts';
import { type KeyKind, newKey, privateKeyPem, readPrivateKey, spkiOf } from './key.ts';
import { certificateParts } from './parse-certificate.ts';
import { pemToDer } from './pem.ts';
import { subjectName } from './subject.ts';
import { signCertificate } from './to-be-signed.ts';

/** A certificate with its private key, both PEM. */
export interface KeyPairPem {
  readonly certPem: string;
  readonly keyPem: string;
}

/** What a new authority is to be. */
export interface AuthorityOptions {
  /** Organization of its subject; an empty one makes an empty subject. */
  readonly organization: string;
  readonly nowMs: number;
  readonly kind?: KeyKind;
  /** Life in milliseconds; ten years of 365 days when absent. */
  readonly ttlMs?: number;
}

/** An authority ready to sign. */
export interface Signer {
  readonly key: KeyObject;
  readonly name: Der;
  readonly keyId: Buffer;
  readonly certPem: string;
}

const TEN_YEARS_MS = 10 * 365 * 24 * 3600 * 1000;

/** Makes a root authority: Ed25519 unless another kind is asked for, no path length, for server and client certificates. */
export function newCertificateAuthority(options: AuthorityOptions): KeyPairPem {
  const key = newKey(options.kind ?? 'ed25519');
  const spki = spkiOf(key);
  const name = subjectName(options.organization === '' ? {} : { organizations: [options.organization] });
  const certPem = signCertificate(
    {
      issuer: name,
      subject: name,
      publicKey: decodeDer(spki),
      notBeforeMs: options.nowMs,
      notAfterMs: options.nowMs + (options.ttlMs ?? TEN_YEARS_MS),
      extensions: [
        keyUsageExtension(['digitalSignature', 'keyCertSign']),
        extendedKeyUsageExtension(['serverAuth', 'clientAuth']),
        authorityExtension(),
        subjectKeyExtension(keyIdentifier(spki)),
      ],
    },
    key,
  );
  return { certPem, keyPem: privateKeyPem(key) };
}

/** Reads an authority's certificate and key; throws a Fault `invalid` when either is unreadable or they are not a pair. */
export function readSigner(ca: KeyPairPem): Signer {
  const key = readPrivateKey(ca.keyPem);
  const parts = certificateParts(pemToDer(ca.certPem, 'CERTIFICATE'));
  const spki = spkiOf(key);
  if (!spki.equals(encodeDer(parts.publicKey))) {
    throw new Fault('invalid', 'the private key does not belong to the certificate of the authority');
  }
  const written = parts.extensions === undefined ? undefined : readSubjectKeyId(parts.extensions);
  return { key, name: parts.subject, keyId: written ?? keyIdentifier(spki), certPem: ca.certPem };
}
