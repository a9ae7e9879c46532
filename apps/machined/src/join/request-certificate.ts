import { SecurityServiceDefinition } from '@minos/api/security';
import { Fault, type Secret } from '@minos/base';
import { isIssuedBy, isKeyOf } from '@minos/pki';
import { client, dial } from '@minos/rpc';
import { CLOCK_DIFFERENCE_MS } from '../secrets/certificate-plan.ts';
import type { JoinEndpoint } from './join-endpoints.ts';
import { ATTEMPT_TIMEOUT_MS } from './join-schedule.ts';

/** One attempt to get a certificate. */
export interface JoinAttempt {
  readonly endpoint: JoinEndpoint;
  readonly token: Secret;
  /** PEM of the authorities that trustd must be known by: those of the configuration and nothing else. */
  readonly bundlePem: string;
  readonly csrPem: string;
  /** Key of the request; it stays here. */
  readonly keyPem: string;
  readonly nowMs: number;
  /** What this node runs, for the list of members; another trustd ignores it. */
  readonly operatingSystem: string;
}

/** What a joining node was given. */
export interface JoinAnswer {
  readonly certPem: string;
  /** PEM of the authorities that the cluster accepts. */
  readonly bundlePem: string;
}

/** Asks one trustd for a certificate; throws a Fault when it is not reached, refuses, or answers with what is of no use. */
export async function requestCertificate(attempt: JoinAttempt, signal: AbortSignal): Promise<JoinAnswer> {
  const { endpoint, token, bundlePem, csrPem } = attempt;
  using channel = dial({ kind: 'tcp', host: endpoint.host, port: endpoint.port, tls: { ca: bundlePem } });
  const service = client(channel, SecurityServiceDefinition);
  const options = {
    metadata: { token: token.reveal(), 'minos-operating-system': attempt.operatingSystem },
    timeoutMs: ATTEMPT_TIMEOUT_MS,
    signal,
  };
  const { ca, crt } = await service.Certificate({ csr: Buffer.from(csrPem) }, options);
  const answer = { certPem: crt.toString('utf8'), bundlePem: ca.toString('utf8') };
  if (!isKeyOf(attempt.keyPem, answer.certPem))
    throw new Fault('data-loss', 'trustd answered with a certificate for another key');
  // A clock a little behind trustd's must not make a new certificate look not yet valid.
  if (!isIssuedBy(answer.certPem, bundlePem, attempt.nowMs + CLOCK_DIFFERENCE_MS)) {
    throw new Fault('data-loss', 'trustd answered with a certificate that is not valid now, or not from an accepted authority');
  }
  return answer;
}
