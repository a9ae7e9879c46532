export { type AuthorityOptions, type KeyPairPem, newCertificateAuthority } from './authority.ts';
export { type IssueOptions, issueCertificate, type LeafOptions, selfSigned } from './certificate.ts';
export { type ClientIdentity, clientIdentity } from './client-identity.ts';
export type { AlternativeNames, ExtendedKeyUsage, KeyUsage } from './extensions.ts';
export { ipBytes, ipText } from './ip-address.ts';
export { type KeyKind, newPrivateKey, normalizePrivateKeyPem } from './key.ts';
export { type CertificateInfo, parseCertificate, spkiFingerprint, splitBundle } from './parse-certificate.ts';
export {
  newRequest,
  newRequestFor,
  parseRequest,
  type RequestInfo,
  type RequestOptions,
  type SignOptions,
  signClientRequest,
  signRequest,
} from './request.ts';
export type { Subject } from './subject.ts';
export { isIssuedBy, isKeyOf } from './verify.ts';
