import type { KeyObject } from 'node:crypto';
import { Fault } from '@minos/base';
import { type KeyPairPem, readSigner, type Signer } from './authority.ts';
import { childrenOf, type Der, decodeDer } from './der.ts';
import {
  type AlternativeNames,
  alternativeNamesExtension,
  authorityKeyExtension,
  type ExtendedKeyUsage,
  extendedKeyUsageExtension,
  type KeyUsage,
  keyIdentifier,
  keyUsageExtension,
  subjectKeyExtension,
} from './extensions.ts';
import { keyKindOf, newKey, privateKeyPem, spkiOf } from './key.ts';
import { spkiFingerprint } from './parse-certificate.ts';
import { type Subject, subjectName } from './subject.ts';
import { signCertificate } from './to-be-signed.ts';

/** What a leaf certificate is to be. */
export interface LeafOptions {
  readonly subject: Subject;
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly usages: readonly ExtendedKeyUsage[];
  /** `digitalSignature` when absent. */
  readonly keyUsage?: readonly KeyUsage[];
  readonly notBeforeMs: number;
  readonly ttlMs: number;
}

/** What an authority is to issue. */
export interface IssueOptions extends LeafOptions {
  readonly ca: KeyPairPem;
}

/** A leaf's contents apart from its signer: used for issued, self-signed and requested certificates alike. */
export interface LeafContents {
  readonly subject: Der;
  readonly publicKey: Der;
  readonly names: AlternativeNames;
  readonly usages: readonly ExtendedKeyUsage[];
  readonly keyUsage: readonly KeyUsage[];
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** Signs a leaf; PEM. */
export function signLeaf(signer: Pick<Signer, 'key' | 'name' | 'keyId'>, leaf: LeafContents, own: readonly Der[] = []): string {
  const isSubjectEmpty = childrenOf(leaf.subject).length === 0;
  const names = alternativeNamesExtension(leaf.names, isSubjectEmpty);
  return signCertificate(
    {
      issuer: signer.name,
      subject: leaf.subject,
      publicKey: leaf.publicKey,
      notBeforeMs: leaf.notBeforeMs,
      notAfterMs: leaf.notAfterMs,
      extensions: [
        keyUsageExtension(leaf.keyUsage),
        extendedKeyUsageExtension(leaf.usages),
        ...own,
        authorityKeyExtension(signer.keyId),
        ...(names === undefined ? [] : [names]),
      ],
    },
    signer.key,
  );
}

/** Issues a certificate for a new key of the same kind as the authority's. */
export function issueCertificate(options: IssueOptions): KeyPairPem {
  const signer = readSigner(options.ca);
  const kind = keyKindOf(signer.key);
  if (kind === undefined) throw new Fault('invalid', 'the kind of the key of this authority is not supported');
  const key = newKey(kind);
  return { certPem: signLeaf(signer, leafContents(options, key)), keyPem: privateKeyPem(key) };
}

/** A certificate that vouches for itself, with a new Ed25519 key, and the fingerprint to pin it by. */
export function selfSigned(options: LeafOptions): KeyPairPem & { readonly fingerprint: string } {
  const key = newKey('ed25519');
  const name = subjectName(options.subject);
  const keyId = keyIdentifier(spkiOf(key));
  const certPem = signLeaf({ key, name, keyId }, leafContents(options, key), [subjectKeyExtension(keyId)]);
  return { certPem, keyPem: privateKeyPem(key), fingerprint: spkiFingerprint(certPem) };
}

function leafContents(options: LeafOptions, key: KeyObject): LeafContents {
  return {
    subject: subjectName(options.subject),
    publicKey: decodeDer(spkiOf(key)),
    names: { dnsNames: options.dnsNames ?? [], ipAddresses: options.ipAddresses ?? [] },
    usages: options.usages,
    keyUsage: options.keyUsage ?? ['digitalSignature'],
    notBeforeMs: options.notBeforeMs,
    notAfterMs: options.notBeforeMs + options.ttlMs,
  };
}
