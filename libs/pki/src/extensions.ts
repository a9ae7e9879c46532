import { hash } from 'node:crypto';
import {
  bits,
  bitsOf,
  childrenOf,
  contentOf,
  contextBytes,
  type Der,
  decodeDer,
  encodeDer,
  hasTag,
  isContext,
  octets,
  oid,
  oidOf,
  sequence,
  TAG,
  yes,
} from './der.ts';
import { ipBytes, ipText } from './ip-address.ts';

/** What a certificate's key may be used for at the level of single operations (RFC 5280 §4.2.1.3). */
export type KeyUsage = 'digitalSignature' | 'keyEncipherment' | 'keyCertSign';

/** What a certificate is for (RFC 5280 §4.2.1.12). */
export type ExtendedKeyUsage = 'serverAuth' | 'clientAuth';

/** Names that a certificate is valid for. */
export interface AlternativeNames {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}

/** The parts of a certificate's extensions that we read. Usages we have no name for stay dotted. */
export interface ReadExtensions extends AlternativeNames {
  readonly isCa: boolean;
  readonly extendedKeyUsages: readonly string[];
}

const OID = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

const KEY_USAGE_BIT: Readonly<Record<KeyUsage, number>> = { digitalSignature: 0, keyEncipherment: 2, keyCertSign: 5 };
const USAGE_OID: Readonly<Record<ExtendedKeyUsage, string>> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
};
const USAGE_NAME: ReadonlyMap<string, string> = new Map(Object.entries(USAGE_OID).map(([name, value]) => [value, name]));
const DNS_TAG = 2;
const IP_TAG = 7;

function extension(id: string, value: Der, criticality: 'critical' | 'normal' = 'normal'): Der {
  const body = octets(encodeDer(value));
  return criticality === 'critical' ? sequence(oid(id), yes(), body) : sequence(oid(id), body);
}

/** The critical keyUsage extension. */
export function keyUsageExtension(usages: readonly KeyUsage[]): Der {
  const value = usages.reduce((byte, usage) => byte | (0x80 >> KEY_USAGE_BIT[usage]), 0);
  const unused = value === 0 ? 0 : 31 - Math.clz32(value & -value);
  return extension(OID.keyUsage, bits(value === 0 ? Buffer.alloc(0) : Buffer.of(value), unused), 'critical');
}

/** The extendedKeyUsage extension. */
export function extendedKeyUsageExtension(usages: readonly ExtendedKeyUsage[]): Der {
  return extension(OID.extendedKeyUsage, sequence(...usages.map((usage) => oid(USAGE_OID[usage]))));
}

/** The critical basicConstraints extension of an authority, without a path length. */
export function authorityExtension(): Der {
  return extension(OID.basicConstraints, sequence(yes()), 'critical');
}

/** The subjectKeyIdentifier extension. */
export function subjectKeyExtension(keyId: Uint8Array): Der {
  return extension(OID.subjectKeyIdentifier, octets(keyId));
}

/** The authorityKeyIdentifier extension. */
export function authorityKeyExtension(keyId: Uint8Array): Der {
  return extension(OID.authorityKeyIdentifier, sequence(contextBytes(0, keyId)));
}

/** The subjectAltName extension, critical when the subject is empty; undefined when there are no names. */
export function alternativeNamesExtension(names: AlternativeNames, isSubjectEmpty: boolean): Der | undefined {
  const dns = names.dnsNames.map((name) => contextBytes(DNS_TAG, Buffer.from(name, 'latin1')));
  const addresses = names.ipAddresses.map((address) => contextBytes(IP_TAG, ipBytes(address)));
  if (dns.length + addresses.length === 0) return undefined;
  return extension(OID.subjectAltName, sequence(...dns, ...addresses), isSubjectEmpty ? 'critical' : 'normal');
}

/** Identifier of a public key: 160 bits of the SHA-256 of its bits (RFC 7093, method 1). */
export function keyIdentifier(spki: Uint8Array): Buffer {
  return hash('sha256', bitsOf(childrenOf(decodeDer(spki))[1]), 'buffer').subarray(0, 20);
}

/** The extension list of a certificate or a request, by identifier. Throws a Fault `invalid` on a malformed one. */
function byId(list: Der): ReadonlyMap<string, Der> {
  return new Map(
    childrenOf(list).map((entry) => {
      const parts = childrenOf(entry);
      return [oidOf(parts[0]), decodeDer(contentOf(parts.at(-1)))];
    }),
  );
}

/** The subject key identifier in an extension list, if it has one. */
export function readSubjectKeyId(list: Der): Buffer | undefined {
  const value = byId(list).get(OID.subjectKeyIdentifier);
  return value === undefined ? undefined : contentOf(value);
}

/** Reads an extension list; absent extensions read as empty. Throws a Fault `invalid` on a malformed one. */
export function readExtensions(list: Der | undefined): ReadExtensions {
  const found: ReadonlyMap<string, Der> = list === undefined ? new Map() : byId(list);
  const constraints = found.get(OID.basicConstraints);
  const usages = found.get(OID.extendedKeyUsage);
  return {
    isCa: constraints !== undefined && childrenOf(constraints).some((v) => hasTag(v, TAG.boolean) && contentOf(v)[0] !== 0),
    extendedKeyUsages: usages === undefined ? [] : childrenOf(usages).map((u) => USAGE_NAME.get(oidOf(u)) ?? oidOf(u)),
    ...readAlternativeNames(found.get(OID.subjectAltName)),
  };
}

/** DNS names and addresses; every other kind of name is left out. */
function readAlternativeNames(value: Der | undefined): AlternativeNames {
  const dnsNames: string[] = [];
  const ipAddresses: string[] = [];
  for (const name of value === undefined ? [] : childrenOf(value)) {
    if (isContext(name, DNS_TAG)) dnsNames.push(contentOf(name).toString('latin1'));
    const address = isContext(name, IP_TAG) ? ipText(contentOf(name)) : undefined;
    if (address !== undefined) ipAddresses.push(address);
  }
  return { dnsNames, ipAddresses };
}
