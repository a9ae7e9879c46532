import { OSRootSpec, TrustdCertsSpec } from '@minos/api/resource-specs';
import { SecurityServiceDefinition } from '@minos/api/security';
import { Scope, systemClock } from '@minos/base';
import { toYamlText } from '@minos/config';
import { issueCertificate, type KeyPairPem, newCertificateAuthority } from '@minos/pki';
import { affiliateType, bindStateService, daemonPolicy, MemoryState, osRootType, trustdCertificatesType } from '@minos/resource';
import { type Client, client, dial, type RpcServer, serve } from '@minos/rpc';
import { eventually, type RecordingLogger, recordingLogger, type TempDir, tempDir } from '@minos/testkit';
import { trustd } from '../app.ts';

/** Token of the test cluster. */
export const TOKEN = 'abcdef.0123456789abcdef';

/** A trustd of its own, on real sockets, with the state it reads in the test's hands. */
export interface RunningTrustd extends AsyncDisposable {
  readonly ca: KeyPairPem;
  readonly state: MemoryState;
  readonly log: RecordingLogger;
  readonly port: number;
  /** A client that trusts the authority. */
  client(): Client<typeof SecurityServiceDefinition>;
  setToken(token: string): Promise<void>;
  /** Gives trustd a new certificate of its own. */
  renew(commonName: string): Promise<void>;
  /** machined goes away, and comes back with an empty state. */
  stopState(): Promise<void>;
  startState(): Promise<void>;
}

const DAY_MS = 24 * 3600 * 1000;

/** Starts trustd against a state with an authority, a token and a certificate for 127.0.0.1. */
export async function runningTrustd(): Promise<RunningTrustd> {
  const scope = new Scope();
  const dir = scope.use(await tempDir('trustd'));
  const log = recordingLogger();
  const ca = newCertificateAuthority({ organization: 'talos', nowMs: Date.now() });
  const node = new TestNode(ca, dir, log);
  await node.startState();
  scope.use(() => node.stopState());
  const stop = new AbortController();
  const running = trustd.run(contextOf({ dir, log, signal: stop.signal }));
  scope.use(async () => {
    stop.abort();
    await running;
  });
  running.catch(() => undefined);
  const port = await eventually(() => portOf(log), { withinMs: 5000 });
  return {
    ca,
    get state() {
      return node.state;
    },
    log,
    port,
    client: () => {
      const target = { kind: 'tcp', host: '127.0.0.1', port, tls: { ca: ca.certPem } } as const;
      return client(scope.use(dial(target)), SecurityServiceDefinition);
    },
    setToken: (token) => node.putRoot(token),
    renew: (name) => node.putCertificate(name),
    stopState: () => node.stopState(),
    startState: () => node.startState(),
    [Symbol.asyncDispose]: () => scope.close(),
  };
}

function contextOf({ dir, log, signal }: { dir: TempDir; log: RecordingLogger; signal: AbortSignal }) {
  return {
    name: 'trustd',
    log,
    signal,
    ready: () => log.info({}, 'told ready'),
    runDir: dir.path,
    simulate: undefined,
    clock: systemClock,
    args: { address: '127.0.0.1', port: 0 },
    environment: {},
    startedMs: 0,
  };
}

function portOf(log: RecordingLogger): number {
  const port = log.lines.find((line) => line.message === 'serving certificates')?.fields['port'];
  if (typeof port !== 'number') throw new TypeError('not serving yet');
  return port;
}

/** The part of machined that trustd sees. */
class TestNode {
  state = new MemoryState({ clock: systemClock });
  readonly #ca: KeyPairPem;
  readonly #dir: TempDir;
  readonly #log: RecordingLogger;
  #server: RpcServer | undefined;
  #until = new AbortController();
  #starts = 0;

  constructor(ca: KeyPairPem, dir: TempDir, log: RecordingLogger) {
    this.#ca = ca;
    this.#dir = dir;
    this.#log = log;
  }

  async startState(): Promise<void> {
    this.#starts += 1;
    this.#until = new AbortController();
    this.state = new MemoryState({ clock: systemClock, startCount: this.#starts, bootId: 'test' });
    await this.putRoot(TOKEN);
    await this.putCertificate('minos-cp-1');
    const service = bindStateService({
      state: this.state,
      types: [osRootType, trustdCertificatesType, affiliateType],
      policy: daemonPolicy({ readable: [osRootType, trustdCertificatesType], owned: [affiliateType] }),
      emitYaml: toYamlText,
      until: this.#until.signal,
    });
    const path = this.#dir.file('system/run/trustd/runtime.sock');
    this.#server = await serve({ listen: { kind: 'unix', path }, services: [service], log: this.#log });
  }

  async stopState(): Promise<void> {
    this.#until.abort();
    await this.#server?.[Symbol.asyncDispose]();
    this.#server = undefined;
  }

  async putRoot(token: string): Promise<void> {
    const crt = Buffer.from(this.#ca.certPem);
    const issuingCa = { crt, key: Buffer.from(this.#ca.keyPem) };
    await this.state.as('test').put(osRootType, 'os', OSRootSpec.fromPartial({ token, issuingCa, acceptedCAs: [{ crt }] }));
  }

  async putCertificate(commonName: string): Promise<void> {
    const own = issueCertificate({
      ca: this.#ca,
      subject: { commonName },
      ipAddresses: ['127.0.0.1'],
      usages: ['serverAuth'],
      notBeforeMs: Date.now(),
      ttlMs: DAY_MS,
    });
    const server = { crt: Buffer.from(own.certPem), key: Buffer.from(own.keyPem) };
    await this.state.as('test').put(trustdCertificatesType, 'trustd', TrustdCertsSpec.fromPartial({ server }));
  }
}
