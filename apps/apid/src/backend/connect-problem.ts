import { codeOfError } from './error-code-of.ts';

/** Why another node, or machined, cannot be reached. */
export interface ConnectProblem {
  readonly reason: string;
  /** What that means, for a person. */
  readonly meaning: string;
  /** What to try next, with the name of the node put in for `%`. */
  readonly next: string;
}

const REFUSED: ConnectProblem = {
  reason: 'CONNECTION_REFUSED',
  meaning: 'nothing listens there: the node is starting, or its apid is not running',
  next: 'minosctl --endpoints % version, or the console of the node',
};
const NO_ROUTE: ConnectProblem = {
  reason: 'NO_ROUTE',
  meaning: 'there is no route to it, or nobody has that address',
  next: 'minosctl get members, to see the addresses of the nodes',
};
const NAME_UNKNOWN: ConnectProblem = {
  reason: 'NAME_UNKNOWN',
  meaning: 'the endpoint cannot resolve that name',
  next: 'minosctl get members, and an address instead of the name',
};
const NO_ANSWER: ConnectProblem = {
  reason: 'NO_ANSWER',
  meaning: 'nothing came back: the node is off or a firewall drops what is sent to port 50000',
  next: 'minosctl --endpoints % version, or the console of the node',
};
const OTHER_NAME: ConnectProblem = {
  reason: 'NAME_NOT_IN_CERTIFICATE',
  meaning: 'its certificate does not hold that name or address',
  next: 'an address of minosctl get members, or machine.certSANs in its configuration',
};
const EXPIRED: ConnectProblem = {
  reason: 'CERTIFICATE_EXPIRED',
  meaning: 'its certificate has expired, or a clock is wrong',
  next: 'minosctl time, on both nodes',
};
const NOT_YET: ConnectProblem = {
  reason: 'CERTIFICATE_NOT_YET_VALID',
  meaning: 'its certificate is not valid yet: one of the two clocks is wrong',
  next: 'minosctl time, on both nodes',
};
const UNCONFIGURED: ConnectProblem = {
  reason: 'NOT_CONFIGURED',
  meaning: 'it shows a certificate that it made itself: it waits for its configuration (maintenance mode)',
  next: 'minosctl apply-config --insecure --nodes % --file <configuration>',
};
const OTHER_CLUSTER: ConnectProblem = {
  reason: 'OTHER_CLUSTER',
  meaning: 'its certificate is of an authority that we do not accept: it belongs to another cluster',
  next: 'minosctl get members, to see which nodes belong to this one',
};
const WE_REFUSED: ConnectProblem = {
  reason: 'OUR_CERTIFICATE_REFUSED',
  meaning: 'it does not accept our certificate: it belongs to another cluster, or a clock is wrong',
  next: 'minosctl time, on both nodes',
};
const NOT_APID: ConnectProblem = {
  reason: 'NOT_APID',
  meaning: 'what answers there is no apid',
  next: 'minosctl get members, to see the addresses of the nodes',
};
const LOST: ConnectProblem = {
  reason: 'CONNECTION_LOST',
  meaning: 'the connection ended before it could be used: the node may be restarting',
  next: 'the same command again',
};

/** By the codes of Node and OpenSSL. */
const BY_CODE: Readonly<Record<string, ConnectProblem>> = {
  ECONNREFUSED: REFUSED,
  ENOENT: REFUSED,
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  EHOSTDOWN: NO_ROUTE,
  EADDRNOTAVAIL: NO_ROUTE,
  EINVAL: NO_ROUTE,
  ENOTFOUND: NAME_UNKNOWN,
  EAI_AGAIN: NAME_UNKNOWN,
  ETIMEDOUT: NO_ANSWER,
  ERR_TLS_CERT_ALTNAME_INVALID: OTHER_NAME,
  CERT_HAS_EXPIRED: EXPIRED,
  CERT_NOT_YET_VALID: NOT_YET,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNCONFIGURED,
  SELF_SIGNED_CERT_IN_CHAIN: OTHER_CLUSTER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: OTHER_CLUSTER,
  UNABLE_TO_GET_ISSUER_CERT: OTHER_CLUSTER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: OTHER_CLUSTER,
  CERT_SIGNATURE_FAILURE: OTHER_CLUSTER,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: WE_REFUSED,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: WE_REFUSED,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: WE_REFUSED,
  ERR_SSL_SSL_TLS_ALERT_BAD_CERTIFICATE: WE_REFUSED,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: WE_REFUSED,
  ERR_SSL_SSL_TLS_ALERT_CERTIFICATE_EXPIRED: WE_REFUSED,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: WE_REFUSED,
  ERR_SSL_SSL_TLS_ALERT_CERTIFICATE_UNKNOWN: WE_REFUSED,
  ERR_SSL_WRONG_VERSION_NUMBER: NOT_APID,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NOT_APID,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: NOT_APID,
  ECONNRESET: LOST,
  EPIPE: LOST,
};

/** What a failed attempt to connect means. `why` is what was said about it, `cause` the error of the socket, if there was one. */
export function connectProblem(why: string, cause: unknown): ConnectProblem {
  const known = BY_CODE[codeOfError(cause) ?? ''];
  if (known !== undefined) return known;
  if (why.startsWith('no answer within')) return NO_ANSWER;
  return why === 'connection closed' || why === 'no longer wanted' ? LOST : NOT_APID;
}

/** The codes that have a meaning of their own. */
export const CONNECT_CODES: readonly string[] = Object.keys(BY_CODE);
