import { expect, test } from '@jest/globals';
import { CONNECT_CODES, connectProblem } from './connect-problem.ts';

test.each([
  ['nothing listens', 'connect ECONNREFUSED', 'ECONNREFUSED', 'CONNECTION_REFUSED'],
  ['no route to the host', 'connect EHOSTUNREACH', 'EHOSTUNREACH', 'NO_ROUTE'],
  ['no route to the network', 'connect ENETUNREACH', 'ENETUNREACH', 'NO_ROUTE'],
  ['a name that nobody knows', 'getaddrinfo ENOTFOUND', 'ENOTFOUND', 'NAME_UNKNOWN'],
  ['no name server', 'getaddrinfo EAI_AGAIN', 'EAI_AGAIN', 'NAME_UNKNOWN'],
  ['silence', 'no answer within 1200 ms', undefined, 'NO_ANSWER'],
  ['silence that TCP noticed', 'connect ETIMEDOUT', 'ETIMEDOUT', 'NO_ANSWER'],
  ['a name that is not in the certificate', 'altnames', 'ERR_TLS_CERT_ALTNAME_INVALID', 'NAME_NOT_IN_CERTIFICATE'],
  ['a certificate that has expired', 'expired', 'CERT_HAS_EXPIRED', 'CERTIFICATE_EXPIRED'],
  ['a certificate that is not valid yet', 'not yet', 'CERT_NOT_YET_VALID', 'CERTIFICATE_NOT_YET_VALID'],
  ['a node without a configuration', 'self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'NOT_CONFIGURED'],
  ['another cluster', 'leaf', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'OTHER_CLUSTER'],
  ['another cluster whose authority has our name', 'signature', 'CERT_SIGNATURE_FAILURE', 'OTHER_CLUSTER'],
  ['a node that does not take our certificate', 'alert', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'OUR_CERTIFICATE_REFUSED'],
  ['something without TLS', 'wrong version number', 'ERR_SSL_WRONG_VERSION_NUMBER', 'NOT_APID'],
  ['something without HTTP/2', 'SETTINGS must come first', undefined, 'NOT_APID'],
  ['a node that restarts', 'read ECONNRESET', 'ECONNRESET', 'CONNECTION_LOST'],
  ['an end without a reason', 'connection closed', undefined, 'CONNECTION_LOST'],
])('%s is told apart', (_what, why, code, reason) => {
  expect(connectProblem(why, code === undefined ? undefined : Object.assign(new Error(why), { code })).reason).toBe(reason);
});

test('every code says what it means and what to try', () => {
  for (const code of CONNECT_CODES) {
    const problem = connectProblem('', { code });
    expect([code, problem.meaning.length > 20, problem.next.length > 10]).toEqual([code, true, true]);
  }
});
