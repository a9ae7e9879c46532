import { isFault, messageOf } from '@minos/base';
import { type CertificateInfo, isIssuedBy, parseCertificate } from '@minos/pki';
import type { ClientTls } from '@minos/rpc';
import { type Endpoint, endpointText } from '../node-call/parse-endpoint.ts';
import { BY_SOCKET_CODE, type ConnectReason, MEANING } from './connect-reason.ts';
import type { AfterHandshake, Seen, ShownCertificate } from './probe-endpoint.ts';
import { tidyText } from './tidy-text.ts';

/** What is wrong between us and an endpoint, for people and for scripts. */
export interface Explanation {
  readonly reason: ConnectReason;
  readonly sentence: string;
  readonly evidence: string;
  readonly next: string;
}

/** What was tried. */
export interface Attempt {
  readonly endpoint: Endpoint;
  readonly tls: ClientTls;
  readonly nowMs: number;
}

type Finding = readonly [reason: ConnectReason, evidence: string];

/** Explains what was seen of an endpoint; pure. */
export function explainEndpoint(seen: Seen, attempt: Attempt): Explanation {
  const [reason, evidence] = findingOf(seen, attempt);
  const name = endpointText(attempt.endpoint);
  const { sentence, next } = MEANING[reason];
  return { reason, sentence: sentence.replaceAll('%', name), evidence, next: next.replaceAll('%', hostOf(attempt.endpoint)) };
}

function hostOf({ host, port }: Endpoint): string {
  return port === 50_000 ? host : endpointText({ host, port });
}

function findingOf(seen: Seen, attempt: Attempt): Finding {
  if (seen.kind === 'no-connection') return [BY_SOCKET_CODE[seen.code] ?? 'NO_ROUTE', seen.message];
  if (seen.kind === 'no-tls') {
    const isOfProtocol = /APPLICATION_PROTOCOL|PROTOCOL_VERSION|HANDSHAKE_FAILURE/.test(seen.code);
    if (isOfProtocol) return ['NOT_APID', alertText(seen.message)];
    if (seen.code.includes('ALERT')) return ourCertificate(attempt, seen.message);
    return [BY_SOCKET_CODE[seen.code] ?? 'NOT_APID', tidyText(seen.message)];
  }
  return (
    serverFinding(seen.shown, attempt) ??
    laterFinding(seen.after, attempt) ?? ['TRANSIENT', 'a connection made just now for this message works']
  );
}

function serverFinding(shown: ShownCertificate, attempt: Attempt): Finding | undefined {
  if (attempt.tls.verifyPeer !== undefined) return pinFinding(shown, attempt.tls.verifyPeer);
  if (attempt.tls.ca === undefined) return undefined;
  if (shown.der.length === 0) return ['NOT_APID', 'it shows no certificate'];
  const info = parseCertificate(shown.der);
  if (shown.chainProblem !== undefined) return chainFinding(shown.chainProblem, info, attempt);
  if (shown.nameProblem === undefined) return undefined;
  const names = [...info.ipAddresses, ...info.dnsNames];
  return ['NAME_NOT_IN_CERTIFICATE', `it holds ${names.length === 0 ? 'no name at all' : names.join(', ')}`];
}

function pinFinding({ der }: ShownCertificate, verify: (der: Buffer) => void): Finding | undefined {
  try {
    verify(der);
    return undefined;
  } catch (e) {
    if (!isFault(e)) throw e;
    return ['FINGERPRINT_MISMATCH', messageOf(e)];
  }
}

function chainFinding(problem: string, info: CertificateInfo, attempt: Attempt): Finding {
  const { nowMs } = attempt;
  const span = `valid ${iso(info.notBeforeMs)} to ${iso(info.notAfterMs)}, and it is ${iso(nowMs)} here`;
  const authority = attempt.tls.ca === undefined ? undefined : parseCertificate(attempt.tls.ca);
  const ofAuthority = authority === undefined ? '' : `valid ${iso(authority.notBeforeMs)} to ${iso(authority.notAfterMs)}`;
  switch (problem) {
    case 'CERT_HAS_EXPIRED':
      return info.notAfterMs <= nowMs
        ? ['CERTIFICATE_EXPIRED', `expired ${sinceText(nowMs - info.notAfterMs)} ago: ${span}`]
        : ['AUTHORITY_EXPIRED', `${ofAuthority}, and it is ${iso(nowMs)} here`];
    case 'CERT_NOT_YET_VALID':
      return info.notBeforeMs > nowMs
        ? ['CERTIFICATE_NOT_YET_VALID', `valid in ${sinceText(info.notBeforeMs - nowMs)}: ${span}`]
        : ['AUTHORITY_NOT_YET_VALID', `${ofAuthority}, and it is ${iso(nowMs)} here`];
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return ['NOT_CONFIGURED', `self-signed certificate, fingerprint ${info.spkiFingerprint}`];
    case 'INVALID_PURPOSE':
      return ['NOT_A_SERVER', `its usages are: ${info.extendedKeyUsages.join(', ') || 'none'}`];
    default:
      return ['OTHER_CLUSTER', `${problem}: signed by "${subjectText(info.issuer)}", fingerprint ${info.spkiFingerprint}`];
  }
}

function laterFinding(after: AfterHandshake, attempt: Attempt): Finding | undefined {
  switch (after.kind) {
    case 'http2':
      return undefined;
    case 'no-http2':
      return ['NOT_APID', 'it speaks TLS, but not HTTP/2'];
    case 'silence':
      return ['SILENT', 'the TLS handshake went well, and then nothing came'];
    case 'closed':
      return ourCertificate(attempt, 'the connection was closed after the TLS handshake');
    case 'error':
      return ourCertificate(attempt, after.message);
  }
}

/** Why a server that was told who we are may have ended the connection; what we can see of our own certificate comes first. */
function ourCertificate({ tls, nowMs }: Attempt, message: string): Finding {
  const evidence = alertText(message);
  if (tls.cert === undefined) return ['ASKS_FOR_CERTIFICATE', evidence];
  const { notBeforeMs, notAfterMs, extendedKeyUsages } = parseCertificate(tls.cert);
  const span = `valid ${iso(notBeforeMs)} to ${iso(notAfterMs)}, and it is ${iso(nowMs)} here`;
  if (notAfterMs <= nowMs) return ['OUR_CERTIFICATE_EXPIRED', `expired ${sinceText(nowMs - notAfterMs)} ago: ${span}`];
  if (notBeforeMs > nowMs) return ['OUR_CERTIFICATE_NOT_YET_VALID', span];
  if (extendedKeyUsages.length !== 1 || extendedKeyUsages[0] !== 'clientAuth') {
    return ['OUR_CERTIFICATE_NOT_FOR_CLIENTS', `its usages are: ${extendedKeyUsages.join(', ') || 'none'}`];
  }
  if (tls.ca !== undefined && !isIssuedBy(tls.cert, tls.ca, nowMs)) return ['OUR_CERTIFICATE_OF_ANOTHER_CLUSTER', evidence];
  return ['OUR_CERTIFICATE_REFUSED', evidence];
}

/** The alert in an error of OpenSSL, which puts file names and numbers around it. */
function alertText(message: string): string {
  const alert = /(?:ssl\/tls alert|alert) ([a-z ]+?)(?::|$)/i.exec(message)?.[1];
  return alert === undefined ? tidyText(message) : `TLS alert: ${alert}`;
}

function subjectText({ organizations, commonName }: CertificateInfo['issuer']): string {
  return [commonName, ...organizations].filter((part) => part !== '').join(', ');
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** About how long, in the largest unit that fits; pure. */
function sinceText(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const;
  const [unit, size] = units.find(([, one]) => ms >= one) ?? units[3];
  return `${Math.floor(ms / size)} ${unit}`;
}
