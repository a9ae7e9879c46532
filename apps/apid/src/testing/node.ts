import type { Socket } from 'node:net';
import { APICertsSpec, APIServiceConfigSpec, HostnameStatusSpec, NodeAddressSpec } from '@minos/api/resource-specs';
import { type Logger, Scope, systemClock } from '@minos/base';
import { type KeyPairPem, normalizePrivateKeyPem } from '@minos/pki';
import {
  apiCertificatesType,
  apiServiceConfigType,
  hostnameStatusType,
  MemoryState,
  netIpPrefix,
  nodeAddressType,
} from '@minos/resource';
import { type BoundService, dial, type RpcChannel, type RpcServer, serve } from '@minos/rpc';
import { type RecordingLogger, recordingLogger, type TempDir, tempDir } from '@minos/testkit';
import { type AppDeps, runApp } from '../app.ts';
import { clientCertificate, serverCertificate } from './pki.ts';

/** How a node of a test is set up. */
export interface TestNodeOptions {
  readonly ca: KeyPairPem;
  readonly services: readonly BoundService[];
  /** Address on loopback; 127.0.0.1 when absent. */
  readonly address?: string;
  /** Port to listen on; any when absent. */
  readonly port?: number;
  /** Port at which other nodes are reached; its own when absent. */
  readonly remotePort?: number;
  /** More addresses that its certificate is good for. */
  readonly alsoKnownAs?: readonly string[];
  /** Workers have no certificate for other nodes. */
  readonly isWorker?: boolean;
  readonly service?: Partial<APIServiceConfigSpec>;
  readonly limits?: AppDeps['limits'];
  readonly connectionLimits?: AppDeps['connectionLimits'];
  readonly handshakeMs?: number;
  readonly limitCounts?: AppDeps['limitCounts'];
  readonly policies?: AppDeps['policies'];
  readonly http2?: AppDeps['http2'];
}

/** A whole node without a machine: a real apid and a real gRPC server in machined's place. */
export class TestNode implements AsyncDisposable {
  readonly address: string;
  readonly port: number;
  readonly log: RecordingLogger;
  readonly state: MemoryState;
  readonly #options: TestNodeOptions;
  readonly #dir: TempDir;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  readonly #scope = new Scope();
  #machine: RpcServer | undefined;
  readonly #machineSockets = new Set<Socket>();

  private constructor(
    options: TestNodeOptions,
    parts: { dir: TempDir; log: RecordingLogger; state: MemoryState; port: number; done: (signal: AbortSignal) => Promise<void> },
  ) {
    this.#options = options;
    this.address = options.address ?? '127.0.0.1';
    this.port = parts.port;
    this.log = parts.log;
    this.state = parts.state;
    this.#dir = parts.dir;
    this.#done = parts.done(this.#stop.signal);
  }

  /** Starts it, and waits until it listens. */
  static async start(options: TestNodeOptions): Promise<TestNode> {
    const address = options.address ?? '127.0.0.1';
    const dir = await tempDir('apid');
    const state = new MemoryState({ clock: systemClock });
    const log = recordingLogger();
    const serving = Promise.withResolvers<number>();
    const stop = new AbortController();
    const deps: AppDeps = {
      state,
      clock: systemClock,
      log,
      machinePath: dir.file('machine.sock'),
      remotePort: options.remotePort ?? options.port ?? 0,
      onServing: (port) => port !== undefined && serving.resolve(port),
      ...(options.limits === undefined ? {} : { limits: options.limits }),
      ...(options.connectionLimits === undefined ? {} : { connectionLimits: options.connectionLimits }),
      ...(options.handshakeMs === undefined ? {} : { handshakeMs: options.handshakeMs }),
      ...(options.limitCounts === undefined ? {} : { limitCounts: options.limitCounts }),
      ...(options.http2 === undefined ? {} : { http2: options.http2 }),
      ...(options.policies === undefined ? {} : { policies: options.policies }),
    };
    await publish(state, options, `${address}:${options.port ?? 0}`);
    const running = runApp(deps, stop.signal);
    const port = await Promise.race([serving.promise, running.then(() => Promise.reject(new Error('apid ended')))]);
    const node = new TestNode(options, {
      dir,
      log,
      state,
      port,
      done: (signal) => {
        signal.addEventListener('abort', () => stop.abort(), { once: true });
        return running;
      },
    });
    await node.startMachine();
    return node;
  }

  /** Serves in machined's place, anew after `stopMachine`. */
  async startMachine(services: readonly BoundService[] = this.#options.services): Promise<void> {
    const admit = (socket: Socket): boolean => {
      this.#machineSockets.add(socket);
      socket.once('close', () => this.#machineSockets.delete(socket));
      return true;
    };
    this.#machine = await serve({ listen: { kind: 'unix', path: this.machinePath }, services, log: SILENT, admit });
  }

  /** Ends machined's stand-in at once. */
  async stopMachine(): Promise<void> {
    const stopped = this.#machine?.[Symbol.asyncDispose]();
    for (const socket of this.#machineSockets) socket.destroy();
    await stopped;
    this.#machine = undefined;
  }

  get machinePath(): string {
    return this.#dir.file('machine.sock');
  }

  /** Publishes other certificates. */
  async replaceCertificates(spec: APICertsSpec): Promise<void> {
    await this.state.as('test').put(apiCertificatesType, 'api', spec);
  }

  /** A channel to this node with a certificate of these roles, or with one of its own. */
  dial(who: readonly string[] | KeyPairPem = ['os:admin']): RpcChannel {
    const { ca } = this.#options;
    const { certPem, keyPem } = 'certPem' in who ? who : clientCertificate(ca, who);
    const tls = { ca: ca.certPem, cert: certPem, key: normalizePrivateKeyPem(keyPem) };
    return this.#scope.use(dial({ kind: 'tcp', host: this.address, port: this.port, tls }));
  }

  /** Stops apid as SIGTERM does, and waits until it is done. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scope.close();
    await this.stop();
    await this.stopMachine();
    await this.#dir[Symbol.asyncDispose]();
  }
}

const SILENT: Logger = recordingLogger();

async function publish(state: MemoryState, options: TestNodeOptions, listenAddress: string): Promise<void> {
  const address = options.address ?? '127.0.0.1';
  const writer = state.as('test');
  const service = APIServiceConfigSpec.fromPartial({ listenAddress, ...options.service });
  await writer.put(apiServiceConfigType, 'apid', service);
  await writer.put(
    apiCertificatesType,
    'api',
    certificates(options.ca, [address, ...(options.alsoKnownAs ?? [])], options.isWorker ?? false),
  );
  await writer.put(nodeAddressType, 'current', NodeAddressSpec.fromPartial({ addresses: [netIpPrefix(`${address}/8`)] }));
  await writer.put(
    hostnameStatusType,
    'hostname',
    HostnameStatusSpec.fromPartial({ hostname: 'node-1', domainname: 'example.test' }),
  );
}

/** The certificates of a node. */
export function certificates(ca: KeyPairPem, addresses: readonly string[], isWorker: boolean): APICertsSpec {
  const server = serverCertificate(ca, addresses);
  const client = clientCertificate(ca, ['os:impersonator']);
  return APICertsSpec.fromPartial({
    server: { crt: Buffer.from(server.certPem), key: Buffer.from(server.keyPem) },
    ...(isWorker ? {} : { client: { crt: Buffer.from(client.certPem), key: Buffer.from(client.keyPem) } }),
    acceptedCAs: [{ crt: Buffer.from(ca.certPem) }],
  });
}
