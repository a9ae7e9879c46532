import { isDeepStrictEqual } from 'node:util';
import type { APICertsSpec, APIServiceConfigSpec } from '@minos/api/resource-specs';
import { type Clock, formatProblems, isFault, type Logger } from '@minos/base';
import type { Engine } from '@minos/http2';
import type { BackendPool } from '../backend/backend-pool.ts';
import type { CallDoor, CurrentSettings } from '../call/call-door.ts';
import type { CallSettings } from '../call/call-plan.ts';
import { type CallError, Status } from '../call/grpc-status.ts';
import type { OpenCalls } from '../call/open-calls.ts';
import type { LimitCounts } from '../log/limit-log.ts';
import type { LineLimit } from '../log/line-limit.ts';
import { type NodeCertificates, readCertificates } from '../state/certificates.ts';
import { parseListenAddress } from '../state/listen-address.ts';
import type { NodeState } from '../state/node-state.ts';
import { ownNames } from '../state/own-names.ts';
import type { ConnectionLimits } from './client-count.ts';
import { Front, type Http2Kind } from './front.ts';

/** Settings that are replaced as a whole. */
export class SettingsHolder implements CurrentSettings {
  current: CallSettings = { isRoutingDisabled: false, canForward: false, isLocal: () => false, stage: 'configured' };
}

/** What serving needs. */
export interface FrontControlOptions {
  readonly settings: SettingsHolder;
  readonly door: CallDoor;
  readonly open: OpenCalls;
  readonly pool: BackendPool;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Logger;
  /** Of lines about refused clients. */
  readonly limit: LineLimit;
  readonly connectionLimits: ConnectionLimits;
  readonly limitCounts: LimitCounts;
  readonly handshakeMs?: number;
  readonly http2: Http2Kind;
  /** Told whenever it begins or ceases to serve. */
  readonly onServing: (front: Front | undefined) => void;
}

const RETRY_MS = 1000;
/** Time for calls with one answer, once this process is to end. */
const ANSWER_MS = 1500;
/** What clients take for a loss of the node, after which they look for it again. */
const STOPPING: CallError = { code: Status.unavailable, message: 'the node is stopping' };

/** Makes what is served equal to what machined says, one change after the other. */
export class FrontControl {
  readonly #options: FrontControlOptions;
  #wanted: NodeState | undefined;
  #wake: (() => void) | undefined;
  #front: Front | undefined;
  #served: APIServiceConfigSpec | undefined;
  #certificates: NodeCertificates | undefined;
  #read: APICertsSpec | undefined;
  readonly #leaving = new Set<Promise<void>>();

  constructor(options: FrontControlOptions) {
    this.#options = options;
  }

  /** What is to be served from now on. */
  want(state: NodeState): void {
    this.#wanted = state;
    this.#wake?.();
  }

  /** Serves what is wanted until it is aborted; then ends streams at once, and other calls within their time. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
    while (!signal.aborted) {
      const wanted = this.#wanted;
      this.#wanted = undefined;
      if (wanted === undefined) await this.#woken();
      else if (!(await this.#apply(wanted))) await this.#retry(wanted, signal);
    }
    this.#close((front) => front.leave());
    await this.#endCalls();
  }

  async #endCalls(): Promise<void> {
    const { open, clock } = this.#options;
    open.endStreams(STOPPING);
    const done = new AbortController();
    const late = clock.sleep(ANSWER_MS, done.signal).then(
      () => open.endAll(STOPPING),
      (e: unknown) => {
        if (!isFault(e, 'cancelled')) throw e;
      },
    );
    await Promise.all(this.#leaving);
    done.abort();
    await late;
  }

  /** Whether all is as wanted. */
  async #apply({ service, certificates, addresses, hostname }: NodeState): Promise<boolean> {
    this.#readCertificates(certificates);
    const names = ownNames(addresses, hostname);
    this.#options.settings.current = {
      isRoutingDisabled: service?.nodeRoutingDisabled ?? false,
      canForward: this.#certificates?.client !== undefined,
      isLocal: (name) => names.has(name),
      stage: service?.readonlyRoleMode ? 'maintenance' : 'configured',
    };
    if (service === undefined || this.#certificates === undefined) {
      this.#close();
      return true;
    }
    if (this.#front !== undefined && this.#served !== undefined && isSameListener(this.#served, service)) return true;
    return this.#open(service, this.#certificates);
  }

  /** Takes new certificates for connections made from now on. */
  #readCertificates(spec: APICertsSpec | undefined): void {
    if (spec === undefined || isDeepStrictEqual(spec, this.#read)) return;
    this.#read = spec;
    const { log, pool } = this.#options;
    try {
      const read = readCertificates(spec);
      this.#front?.replaceCertificates(frontCertificates(read));
      this.#certificates = read;
      pool.identify(read.client);
      log.info(
        { notAfter: new Date(read.notAfterMs).toISOString(), canForward: read.client !== undefined },
        'certificates taken',
      );
    } catch (err) {
      if (!isFault(err)) throw err;
      log.error({ err }, 'certificates are of no use; those before stand');
    }
  }

  async #open(service: APIServiceConfigSpec, certificates: NodeCertificates): Promise<boolean> {
    const { onServing, log, settings: _settings, pool: _pool, ...given } = this.#options;
    this.#close();
    const address = parseListenAddress(service.listenAddress);
    if (!address.ok) {
      log.error({ problems: formatProblems(address.problems) }, 'listen address is of no use');
      return true;
    }
    if (certificates.acceptedCas.length === 0 && !service.skipVerifyingClientCert) {
      log.error({}, 'not served: no authority is accepted for clients');
      return true;
    }
    try {
      this.#front = await Front.open({
        ...address.value,
        certificates: frontCertificates(certificates),
        isAnonymous: service.skipVerifyingClientCert,
        ...given,
        log,
      });
    } catch (err) {
      if (!isFault(err, 'unavailable')) throw err;
      log.warn({ err }, 'cannot listen yet');
      return false;
    }
    this.#served = service;
    log.info({ port: this.#front.port, host: address.value.host, isAnonymous: service.skipVerifyingClientCert }, 'serving');
    onServing(this.#front);
    return true;
  }

  /** Leaves the listener that there is; its calls end in the background. */
  #close(leave: (front: Front) => Promise<void> = (front) => front[Symbol.asyncDispose]()): void {
    const front = this.#front;
    if (front === undefined) return;
    this.#front = undefined;
    this.#options.onServing(undefined);
    this.#options.log.info({}, 'not serving any more');
    const left = leave(front).finally(() => this.#leaving.delete(left));
    this.#leaving.add(left);
  }

  async #retry(wanted: NodeState, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.clock.sleep(RETRY_MS, signal);
    } catch (e) {
      if (!isFault(e, 'cancelled')) throw e;
    }
    this.#wanted ??= wanted;
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}

function isSameListener(a: APIServiceConfigSpec, b: APIServiceConfigSpec): boolean {
  return a.listenAddress === b.listenAddress && a.skipVerifyingClientCert === b.skipVerifyingClientCert;
}

function frontCertificates(read: NodeCertificates) {
  return { certPem: read.serverCertPem, keyPem: read.serverKey.reveal(), acceptedCas: read.acceptedCas };
}
