import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';
import { Fault } from '@minos/base';
import { type Der, nothing, oid, oidOf, sequence } from './der.ts';
import { encodePem, pemBlocks } from './pem.ts';

/** The kinds of keys that we make; a leaf's follows that of its authority. */
export type KeyKind = 'ed25519' | 'p256' | 'rsa';

/** Label of an Ed25519 key in files of the compatible system; what is inside is PKCS#8. */
const ED25519_LABEL = 'ED25519 PRIVATE KEY';
const KEY_LABELS: ReadonlySet<string> = new Set([ED25519_LABEL, 'EC PRIVATE KEY', 'RSA PRIVATE KEY', 'PRIVATE KEY']);
const RSA_BITS = 4096;

interface SignatureAlgorithm {
  readonly oid: string;
  /** Digest for node:crypto; null where the algorithm brings its own. */
  readonly digest: string | null;
  readonly kind: KeyKind;
  readonly hasNull: boolean;
}

const ALGORITHMS: readonly SignatureAlgorithm[] = [
  { oid: '1.3.101.112', digest: null, kind: 'ed25519', hasNull: false },
  { oid: '1.2.840.10045.4.3.2', digest: 'sha256', kind: 'p256', hasNull: false },
  { oid: '1.2.840.10045.4.3.3', digest: 'sha384', kind: 'p256', hasNull: false },
  { oid: '1.2.840.10045.4.3.4', digest: 'sha512', kind: 'p256', hasNull: false },
  { oid: '1.2.840.113549.1.1.13', digest: 'sha512', kind: 'rsa', hasNull: true },
  { oid: '1.2.840.113549.1.1.12', digest: 'sha384', kind: 'rsa', hasNull: true },
  { oid: '1.2.840.113549.1.1.11', digest: 'sha256', kind: 'rsa', hasNull: true },
];

const KIND_OF_ASYMMETRIC: Readonly<Record<string, KeyKind>> = { ed25519: 'ed25519', ec: 'p256', rsa: 'rsa' };

/** A new key pair. RSA takes seconds of CPU on the calling thread: use `newRsaKey` where that matters. */
export function newKey(kind: KeyKind): KeyObject {
  if (kind === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  if (kind === 'p256') return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
  return generateKeyPairSync('rsa', { modulusLength: RSA_BITS }).privateKey;
}

/** PEM of a new RSA key of 4096 bits, made off the calling thread. */
export async function newRsaKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
  return privateKeyPem(privateKey);
}

/** PEM of a new private key, with the label that the compatible system writes for its kind; an RSA one is made off the calling thread. */
export async function newPrivateKey(kind: KeyKind): Promise<string> {
  return kind === 'rsa' ? newRsaKey() : privateKeyPem(newKey(kind));
}

/** The kind of a key, or undefined for one that certificates here cannot have. Every elliptic curve counts as `p256`. */
export function keyKindOf(key: KeyObject): KeyKind | undefined {
  return KIND_OF_ASYMMETRIC[key.asymmetricKeyType ?? ''];
}

/** PEM of a private key with the label that the compatible system writes for its kind. */
export function privateKeyPem(key: KeyObject): string {
  switch (keyKindOf(key)) {
    case 'ed25519':
      return encodePem(ED25519_LABEL, key.export({ type: 'pkcs8', format: 'der' }));
    case 'p256':
      return encodePem('EC PRIVATE KEY', key.export({ type: 'sec1', format: 'der' }));
    case 'rsa':
      return encodePem('RSA PRIVATE KEY', key.export({ type: 'pkcs1', format: 'der' }));
    case undefined:
      throw new Fault('invalid', 'this kind of private key is not supported');
  }
}

/** The same key with a label that OpenSSL, and so Node's TLS, reads. Throws a Fault `invalid` when there is no key. */
export function normalizePrivateKeyPem(pem: string): string {
  const block = pemBlocks(pem).find((b) => KEY_LABELS.has(b.label));
  if (block === undefined) throw new Fault('invalid', 'not a private key in PEM');
  return encodePem(block.label === ED25519_LABEL ? 'PRIVATE KEY' : block.label, block.der);
}

/** The key in a PEM text with any of the four labels; throws a Fault `invalid` that does not show it. */
export function readPrivateKey(pem: string): KeyObject {
  const normal = normalizePrivateKeyPem(pem);
  try {
    return createPrivateKey(normal);
  } catch {
    throw new Fault('invalid', 'not a readable private key');
  }
}

/** The public key in a SubjectPublicKeyInfo; throws a Fault `invalid` when it is of no use here. */
export function readPublicKey(spki: Buffer): KeyObject {
  try {
    return createPublicKey({ key: spki, type: 'spki', format: 'der' });
  } catch {
    throw new Fault('invalid', 'not a readable public key');
  }
}

/** The SubjectPublicKeyInfo of a key. */
export function spkiOf(key: KeyObject): Buffer {
  return (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' });
}

function algorithmFor(key: KeyObject): SignatureAlgorithm {
  const kind = keyKindOf(key);
  const found = ALGORITHMS.find((a) => a.kind === kind);
  if (found === undefined) throw new Fault('invalid', 'this kind of key cannot sign certificates');
  return found;
}

/** AlgorithmIdentifier of the signatures that a key makes: Ed25519, ECDSA with SHA-256, or RSA with SHA-512. */
export function signatureAlgorithmOf(key: KeyObject): Der {
  const algorithm = algorithmFor(key);
  return algorithm.hasNull ? sequence(oid(algorithm.oid), nothing()) : sequence(oid(algorithm.oid));
}

/** Signs with the algorithm of `signatureAlgorithmOf`. */
export function signBytes(key: KeyObject, bytes: Uint8Array): Buffer {
  return sign(algorithmFor(key).digest, bytes, { key, dsaEncoding: 'der' });
}

/** Whether a signature under an AlgorithmIdentifier is good; false for algorithms that do not suit the key. */
export function isSignedBy(key: KeyObject, algorithm: Der | undefined, bytes: Uint8Array, signature: Uint8Array): boolean {
  const first = algorithm === undefined || typeof algorithm.value === 'string' ? undefined : algorithm.value[0];
  const name = oidOf(first);
  const found = ALGORITHMS.find((a) => a.oid === name);
  if (found === undefined || found.kind !== keyKindOf(key)) return false;
  try {
    return verify(found.digest, bytes, { key, dsaEncoding: 'der' }, signature);
  } catch {
    return false;
  }
}
