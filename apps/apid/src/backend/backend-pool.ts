import type { SecureContext } from 'node:tls';
import type { Clock, Logger } from '@minos/base';
import type { Engine } from '@minos/http2';
import { hostOf } from '../route/target.ts';
import { Backend, type BackendPolicy } from './backend.ts';
import { ReadBuffer, remoteSocket, unixSocket } from './sockets.ts';

/** Where calls can go. */
export interface BackendPoolOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Logger;
  /** Socket of machined. */
  readonly localPath: string;
  /** Port of the apid of every node. */
  readonly remotePort: number;
  readonly local: BackendPolicy;
  readonly remote: BackendPolicy;
}

/** machined may be restarted at any moment: calls wait for it for a while. */
export const LOCAL_POLICY: BackendPolicy = {
  connectTimeoutMs: 5000,
  silentTimeoutMs: 5000,
  patienceMs: 2000,
  backoff: { firstMs: 10, factor: 1.5, maxMs: 100 },
};

/** A node that is not there is an answer. */
export const REMOTE_POLICY: BackendPolicy = {
  connectTimeoutMs: 10_000,
  silentTimeoutMs: 2000,
  patienceMs: 0,
  // Short: the first call after it came back should find it.
  backoff: { firstMs: 50, factor: 1.6, maxMs: 200 },
};

const READ_BYTES = 256 * 1024;
/** Names come from callers: those that are not in use are forgotten when there are more. */
const MOST_KEPT = 1024;

/** The backends of an apid: machined, and one for each node that somebody asked for. */
export class BackendPool implements AsyncDisposable {
  readonly local: Backend;
  readonly #options: BackendPoolOptions;
  readonly #reads = new ReadBuffer(READ_BYTES);
  readonly #remote = new Map<string, Backend>();
  #secureContext: SecureContext | undefined;

  constructor(options: BackendPoolOptions) {
    const { engine, clock, log } = options;
    this.#options = options;
    this.local = new Backend({
      name: 'machined',
      engine,
      clock,
      log,
      policy: options.local,
      open: unixSocket(options.localPath, this.#reads),
    });
  }

  /** Who we are for other nodes, and whom we trust; undefined: nobody, so that there is no forwarding. Old connections end by themselves. */
  identify(secureContext: SecureContext | undefined): void {
    this.#secureContext = secureContext;
    for (const backend of this.#remote.values()) backend.renew();
  }

  /** The backend of a node; only while there is an identity. */
  remote(target: string): Backend {
    const known = this.#remote.get(target);
    if (known !== undefined) return known;
    if (this.#remote.size >= MOST_KEPT) this.#forgetIdle();
    const { engine, clock, log, remotePort } = this.#options;
    const made = new Backend({
      name: target,
      engine,
      clock,
      log,
      policy: this.#options.remote,
      open: remoteSocket({ host: hostOf(target), port: remotePort, secureContext: () => this.#identity() }, this.#reads),
    });
    this.#remote.set(target, made);
    return made;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.local.close(), ...[...this.#remote.values()].map((backend) => backend.close())]);
  }

  #identity(): SecureContext {
    if (this.#secureContext === undefined) throw new Error('no identity to show to other nodes');
    return this.#secureContext;
  }

  #forgetIdle(): void {
    for (const [target, backend] of this.#remote) if (backend.isIdle) this.#remote.delete(target);
  }
}
