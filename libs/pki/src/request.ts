import type { KeyObject } from 'node:crypto';
import { Fault, messageOf } from '@minos/base';
import { type KeyPairPem, readSigner } from './authority.ts';
import { signLeaf } from './certificate.ts';
import {
  bits,
  bitsOf,
  childrenOf,
  contextOf,
  type Der,
  decodeDer,
  encodeDer,
  firstChildBytes,
  integer,
  isContext,
  oid,
  oidOf,
  sequence,
  set,
} from './der.ts';
import { type AlternativeNames, alternativeNamesExtension, type ExtendedKeyUsage, readExtensions } from './extensions.ts';
import {
  isSignedBy,
  type KeyKind,
  keyKindOf,
  newKey,
  privateKeyPem,
  readPrivateKey,
  readPublicKey,
  signatureAlgorithmOf,
  signBytes,
  spkiOf,
} from './key.ts';
import { encodePem, pemToDer } from './pem.ts';
import { readSubject, type Subject, subjectName, withoutOrganizations } from './subject.ts';

/** What a certificate request is to ask for. */
export interface RequestOptions {
  readonly subject: Subject;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly keyKind: KeyKind;
}

/** What a certificate request asks for; its own signature is not checked yet. */
export interface RequestInfo extends AlternativeNames {
  readonly subject: Required<Subject>;
  readonly keyKind: KeyKind | 'other';
}

/** How to answer a request. */
export interface SignOptions {
  readonly ca: KeyPairPem;
  readonly csrPem: string;
  readonly notBeforeMs: number;
  readonly ttlMs: number;
}

const LABEL = 'CERTIFICATE REQUEST';
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

interface RequestParts {
  readonly signed: Uint8Array;
  readonly subject: Der;
  readonly publicKey: Der;
  readonly extensions: Der | undefined;
  readonly algorithm: Der | undefined;
  readonly signature: Buffer;
}

/** Makes a request (RFC 2986) with a new key; the key stays with the caller. */
export function newRequest(options: RequestOptions): { readonly csrPem: string; readonly keyPem: string } {
  const key = newKey(options.keyKind);
  return { csrPem: requestText(key, options), keyPem: privateKeyPem(key) };
}

/** Makes a request with a key that is there already; throws a Fault `invalid` for what is no private key. */
export function newRequestFor(keyPem: string, options: Omit<RequestOptions, 'keyKind'>): string {
  return requestText(readPrivateKey(keyPem), options);
}

function requestText(key: KeyObject, options: Omit<RequestOptions, 'keyKind'>): string {
  const names = alternativeNamesExtension(options, false);
  const attributes = names === undefined ? [] : [sequence(oid(EXTENSION_REQUEST), set(sequence(names)))];
  const body = sequence(integer(Buffer.of(0)), subjectName(options.subject), decodeDer(spkiOf(key)), contextOf(0, ...attributes));
  const signature = bits(signBytes(key, encodeDer(body)));
  return encodePem(LABEL, encodeDer(sequence(body, signatureAlgorithmOf(key), signature)));
}

/** Reads a request in PEM; throws a Fault `invalid` that says what is wrong with it. */
export function parseRequest(csrPem: string): RequestInfo {
  const parts = requestParts(csrPem);
  const { dnsNames, ipAddresses } = readExtensions(parts.extensions);
  return {
    subject: readSubject(parts.subject),
    keyKind: keyKindOf(readPublicKey(encodeDer(parts.publicKey))) ?? 'other',
    dnsNames,
    ipAddresses,
  };
}

/**
 * Answers a request with a server certificate: the subject without organizations, DNS names and addresses as asked,
 * everything else the requester wanted dropped. Throws a Fault `invalid` when it cannot be read, `internal` when its
 * signature is wrong or its key is of another kind than the authority's.
 */
export function signRequest(options: SignOptions): { readonly certPem: string } {
  return signFor(options, { usage: 'serverAuth', subjectOf: withoutOrganizations });
}

/** Answers a request of a client, with its organizations, which are its roles; for those who hold the authority and have read the request. Throws as `signRequest`. */
export function signClientRequest(options: SignOptions): { readonly certPem: string } {
  return signFor(options, { usage: 'clientAuth', subjectOf: (subject) => subject });
}

interface Purpose {
  readonly usage: ExtendedKeyUsage;
  readonly subjectOf: (subject: Der) => Der;
}

function signFor(options: SignOptions, { usage, subjectOf }: Purpose): { readonly certPem: string } {
  const parts = requestParts(options.csrPem);
  const requested = readExtensions(parts.extensions);
  const publicKey = readPublicKey(encodeDer(parts.publicKey));
  if (!isSignedBy(publicKey, parts.algorithm, parts.signed, parts.signature)) {
    throw new Fault('internal', 'failed to sign CSR: its signature does not match its key');
  }
  const signer = readSigner(options.ca);
  if (keyKindOf(publicKey) !== keyKindOf(signer.key)) {
    throw new Fault('internal', 'failed to sign CSR: its key is of another kind than that of the authority');
  }
  const certPem = signLeaf(signer, {
    subject: subjectOf(parts.subject),
    publicKey: parts.publicKey,
    names: { dnsNames: requested.dnsNames, ipAddresses: requested.ipAddresses },
    usages: [usage],
    keyUsage: ['digitalSignature'],
    notBeforeMs: options.notBeforeMs,
    notAfterMs: options.notBeforeMs + options.ttlMs,
  });
  return { certPem };
}

function requestParts(csrPem: string): RequestParts {
  const der = pemToDer(csrPem, LABEL);
  try {
    const [body, algorithm, signature] = childrenOf(decodeDer(der));
    const [, subject, publicKey, attributes] = childrenOf(body);
    if (subject === undefined || publicKey === undefined) throw new Fault('invalid', 'subject or key is missing');
    readSubject(subject);
    return {
      signed: firstChildBytes(der),
      subject,
      publicKey,
      extensions: requestedExtensions(attributes),
      algorithm,
      signature: bitsOf(signature),
    };
  } catch (e) {
    throw new Fault('invalid', `failed to parse CSR: ${messageOf(e)}`);
  }
}

function requestedExtensions(attributes: Der | undefined): Der | undefined {
  if (attributes === undefined || !isContext(attributes, 0)) return undefined;
  for (const attribute of childrenOf(attributes)) {
    const [type, values] = childrenOf(attribute);
    if (oidOf(type) === EXTENSION_REQUEST) return childrenOf(values)[0];
  }
  return undefined;
}
