import { APICertsSpec, type CertSANSpec, type OSRootSpec } from '@minos/api/resource-specs';
import { Fault, isFault, messageOf, Secret } from '@minos/base';
import { isIssuedBy, type KeyKind, newRequest, parseCertificate, splitBundle } from '@minos/pki';
import { apiCertificatesType, diagnosticType, formatNetIp } from '@minos/resource';
import { planCertificate } from '../secrets/certificate-plan.ts';
import { API_OWNER, type SecretsDeps, sleepTowards } from '../secrets/secrets-deps.ts';
import { type JoinEndpoint, joinEndpoints } from './join-endpoints.ts';
import { joinWaitMs, LONGEST_WAIT_MS, renewalMs } from './join-schedule.ts';
import { type JoinAnswer, requestCertificate } from './request-certificate.ts';
import { selfSignedCertificates } from './self-signed.ts';

/** What a worker has to be known; a change of any begins anew, and so retries at once. */
export interface JoinInputs {
  readonly root: OSRootSpec;
  readonly sans: CertSANSpec;
}

/** A certificate that was obtained, with the key that stayed here. */
interface Obtained {
  readonly answer: JoinAnswer;
  readonly keyPem: string;
  readonly endpoint: JoinEndpoint;
}

/** Id of the Diagnostic that says why a certificate is not obtained. */
const JOIN_DIAGNOSTIC = 'join';
/** How long a first attempt may take before the node shows a certificate of its own. */
const PATIENCE_MS = 3000;
/** A certificate that does not fit our configuration, while it is the best to be had, is asked for again after this, then twice this, … */
const SETTLE_MS = 60_000;

/**
 * A worker obtains the certificate of its API from trustd and renews it before it ends, until the signal is aborted.
 * Every failure is tried again, at least every five seconds once it has failed, and logged once for each reason. While
 * there is nothing else, the API shows a self-signed certificate, whose fingerprint is in the log.
 */
export async function runJoin(deps: SecretsDeps, inputs: JoinInputs, signal: AbortSignal): Promise<void> {
  const join = new Join(deps, inputs);
  while (!signal.aborted) await join.step(signal);
}

class Join {
  readonly #deps: SecretsDeps;
  readonly #inputs: JoinInputs;
  readonly #bundlePem: string;
  readonly #chance = Math.random();
  #failures = 0;
  #reason = '';
  /** How often a certificate was obtained, and when the last one. */
  #obtained = 0;
  #obtainedMs = 0;

  constructor(deps: SecretsDeps, inputs: JoinInputs) {
    this.#deps = deps;
    this.#inputs = inputs;
    this.#bundlePem = inputs.root.acceptedCAs.map((ca) => ca.crt.toString('utf8')).join('\n');
  }

  /** Waits while the certificate is good; gets another when it is not, or waits before the next attempt. */
  async step(signal: AbortSignal): Promise<void> {
    const { state, clock } = this.#deps;
    const current = (await state.get(apiCertificatesType, 'api'))?.spec;
    const goodUntilMs = this.#goodUntilMs(current);
    if (goodUntilMs > clock.now()) {
      await state.as(API_OWNER).remove(diagnosticType, JOIN_DIAGNOSTIC);
      return sleepTowards(clock, goodUntilMs, signal);
    }
    // A certificate that is not good although it is new is no reason to ask without a pause.
    if (this.#obtained > 0) await clock.sleep(LONGEST_WAIT_MS, signal).catch(() => undefined);
    const isWithout = !isInForce(current, clock.now());
    const result = this.#attempt(signal).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if (isWithout) await this.#bridge(result, signal);
    const outcome = await result;
    if (signal.aborted) return;
    if ('value' in outcome) return this.#take(outcome.value);
    await this.#fail(outcome.error);
    if (isWithout) await this.#showSelfSigned();
    await clock.sleep(joinWaitMs(this.#failures), signal).catch(() => undefined);
  }

  /** When to renew what there is; 0 when another is needed now. */
  #goodUntilMs(current: APICertsSpec | undefined): number {
    const server = current?.server;
    const wanted = { names: this.#inputs.sans, hasNames: true, bundlePem: this.#bundlePem };
    const plan = planCertificate(server, wanted, this.#deps.clock.now());
    if (plan.kind === 'issue' || server === undefined || current === undefined) return 0;
    const certPem = server.crt.toString('utf8');
    const { notBeforeMs } = parseCertificate(certPem);
    const renewMs = renewalMs(notBeforeMs, plan.untilMs, this.#chance);
    const isFitting =
      isIssuedBy(certPem, this.#issuingPem, Math.max(notBeforeMs, this.#deps.clock.now())) && this.#accepts(current);
    if (isFitting) return renewMs;
    return this.#obtained === 0 ? 0 : Math.min(renewMs, this.#obtainedMs + SETTLE_MS * 2 ** (this.#obtained - 1));
  }

  /** The authority that our configuration names: while one is exchanged for another, both are accepted, and one issues. */
  get #issuingPem(): string {
    return splitBundle(this.#bundlePem).at(-1) ?? '';
  }

  /** Whether clients of just the authorities of our configuration are let in: one that it lost must go, too. */
  #accepts({ acceptedCAs }: APICertsSpec): boolean {
    const key = (pems: readonly string[]): string => JSON.stringify([...new Set(pems.map((pem) => pem.trim()))].sort());
    return key(acceptedCAs.map((ca) => ca.crt.toString('utf8'))) === key(splitBundle(this.#bundlePem));
  }

  async #attempt(signal: AbortSignal): Promise<Obtained> {
    const { controlPlaneEndpoint, trustdPort, clock, operatingSystem } = this.#deps;
    const { root, sans } = this.#inputs;
    const endpoints = joinEndpoints(controlPlaneEndpoint(), [], trustdPort);
    const endpoint = endpoints[this.#failures % Math.max(1, endpoints.length)];
    if (endpoint === undefined) throw new Fault('unavailable', 'the configuration names no endpoint of the control plane');
    const { csrPem, keyPem } = newRequest({
      subject: { commonName: sans.fqdn },
      dnsNames: sans.dnsNames,
      ipAddresses: sans.iPs.map(formatNetIp),
      keyKind: keyKindFor(this.#issuingPem),
    });
    const token = new Secret(root.token);
    const attempt = { endpoint, token, bundlePem: this.#bundlePem, csrPem, keyPem, operatingSystem, nowMs: clock.now() };
    return { answer: await requestCertificate(attempt, signal), keyPem, endpoint };
  }

  /** Shows a certificate of our own when the first answer is slow to come. */
  async #bridge(answer: Promise<unknown>, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const patience = this.#deps.clock.sleep(PATIENCE_MS, AbortSignal.any([signal, stop.signal])).then(
      () => 'slow',
      () => 'given up',
    );
    const first = await Promise.race([answer.then(() => 'answered'), patience]);
    stop.abort();
    if (first === 'slow') await this.#showSelfSigned();
  }

  async #take({ answer, keyPem, endpoint }: Obtained): Promise<void> {
    const { state, log, keep } = this.#deps;
    const server = { crt: Buffer.from(answer.certPem), key: Buffer.from(keyPem) };
    const acceptedCAs = splitBundle(answer.bundlePem).map((pem) => ({ crt: Buffer.from(pem) }));
    const api = APICertsSpec.fromPartial({ server, acceptedCAs });
    await state.as(API_OWNER).put(apiCertificatesType, 'api', api);
    await keep.save({ api, trustd: undefined });
    const { notAfterMs, spkiFingerprint } = parseCertificate(answer.certPem);
    const expires = new Date(notAfterMs).toISOString();
    log.info({ peer: endpoint.host, expires, fingerprint: spkiFingerprint }, 'joined: certificate obtained');
    this.#failures = 0;
    this.#reason = '';
    this.#obtained += 1;
    this.#obtainedMs = this.#deps.clock.now();
  }

  async #fail(error: unknown): Promise<void> {
    this.#failures += 1;
    const reason = isFault(error) ? `${error.kind}: ${error.message}` : messageOf(error);
    if (reason === this.#reason) return;
    this.#reason = reason;
    const message = `this node cannot join: ${reason}`;
    await this.#deps.state.as(API_OWNER).put(diagnosticType, JOIN_DIAGNOSTIC, { message, details: [reason] });
    this.#deps.log.warn({ reason, attempt: this.#failures }, 'certificate not obtained; trying again');
  }

  async #showSelfSigned(): Promise<void> {
    const { state, clock, log, keep } = this.#deps;
    if (isInForce((await state.get(apiCertificatesType, 'api'))?.spec, clock.now())) return;
    const { api, fingerprint } = selfSignedCertificates(this.#inputs, clock.now());
    await state.as(API_OWNER).put(apiCertificatesType, 'api', api);
    await keep.save({ api, trustd: undefined });
    log.warn({ fingerprint }, 'the API shows a self-signed certificate until this node has joined');
  }
}

/** The kind of key that an authority asks for. */
function keyKindFor(issuingPem: string): KeyKind {
  const kind = issuingPem === '' ? 'ed25519' : parseCertificate(issuingPem).keyKind;
  return kind === 'other' ? 'ed25519' : kind;
}

/** Whether there is a certificate, of whomever, that has not ended. */
function isInForce(spec: APICertsSpec | undefined, nowMs: number): boolean {
  return spec?.server !== undefined && parseCertificate(spec.server.crt.toString('utf8')).notAfterMs > nowMs;
}
