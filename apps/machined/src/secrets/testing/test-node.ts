import { ConfigMachineType, HostnameStatusSpec, MachineTypeSpec, NodeAddressSpec, OSRootSpec } from '@minos/api/resource-specs';
import { type Clock, Scope, systemClock } from '@minos/base';
import { type KeyPairPem, newCertificateAuthority } from '@minos/pki';
import {
  apiCertificatesType,
  hostnameStatusType,
  MemoryState,
  machineTypeType,
  netIpPrefix,
  nodeAddressType,
  osRootType,
} from '@minos/resource';
import { type RecordingLogger, recordingLogger } from '@minos/testkit';
import type { CertificateKeep, KeptCertificates } from '../certificate-keep.ts';
import { runSecrets } from '../run-secrets.ts';

/** Token of the test cluster. */
export const TOKEN = 'abcdef.0123456789abcdef';

/** How a test node begins. */
export interface TestNodeOptions {
  readonly type: 'controlplane' | 'worker';
  readonly ca?: KeyPairPem;
  readonly token?: string;
  readonly endpoint?: string;
  readonly trustdPort?: number;
  readonly kept?: KeptCertificates;
  readonly clock?: Clock;
}

const TYPES = { controlplane: ConfigMachineType.CONTROL_PLANE, worker: ConfigMachineType.WORKER } as const;

/** A node whose state is in the test's hands, with the keepers of its certificates running. */
export class TestNode implements AsyncDisposable {
  readonly state: MemoryState;
  readonly log: RecordingLogger = recordingLogger();
  readonly ca: KeyPairPem;
  kept: KeptCertificates;
  readonly #options: TestNodeOptions;
  readonly #scope = new Scope();

  constructor(options: TestNodeOptions) {
    this.#options = options;
    const clock = options.clock ?? systemClock;
    this.ca = options.ca ?? newCertificateAuthority({ organization: 'talos', nowMs: clock.now() });
    this.state = new MemoryState({ clock });
    this.kept = options.kept ?? { api: undefined, trustd: undefined };
  }

  /** Gives the node a type, secrets, a name and an address, and starts. */
  async start(): Promise<this> {
    const stop = new AbortController();
    await this.setType(this.#options.type);
    await this.setToken(this.#options.token ?? TOKEN);
    await this.setAddresses('10.5.0.3/24');
    await this.#writer().put(hostnameStatusType, 'hostname', HostnameStatusSpec.fromPartial({ hostname: 'minos-1' }));
    const keep: CertificateKeep = {
      load: async () => this.kept,
      save: async (kept) => {
        this.kept = kept;
      },
    };
    const { clock = systemClock, endpoint = 'https://127.0.0.1:6443', trustdPort } = this.#options;
    const port = trustdPort === undefined ? {} : { trustdPort };
    const deps = {
      state: this.state,
      clock,
      log: this.log,
      keep,
      controlPlaneEndpoint: () => endpoint,
      operatingSystem: 'Minos (test)',
      ...port,
    };
    const running = runSecrets(deps, stop.signal);
    running.catch(() => undefined);
    this.#scope.use(async () => {
      stop.abort();
      await running;
    });
    return this;
  }

  async setType(type: TestNodeOptions['type']): Promise<void> {
    await this.#writer().put(machineTypeType, 'machine-type', MachineTypeSpec.fromPartial({ machineType: TYPES[type] }));
  }

  async setToken(token: string): Promise<void> {
    const crt = Buffer.from(this.ca.certPem);
    const isControlPlane = this.#options.type === 'controlplane';
    const issuing = isControlPlane ? { issuingCa: { crt, key: Buffer.from(this.ca.keyPem) } } : {};
    await this.#writer().put(osRootType, 'os', OSRootSpec.fromPartial({ token, acceptedCAs: [{ crt }], ...issuing }));
  }

  /** Configures these authorities, the issuing one last. */
  async setAuthorities(...cas: readonly KeyPairPem[]): Promise<void> {
    const acceptedCAs = cas.map(({ certPem }) => ({ crt: Buffer.from(certPem) }));
    const token = this.#options.token ?? TOKEN;
    await this.#writer().put(osRootType, 'os', OSRootSpec.fromPartial({ token, acceptedCAs }));
  }

  async setAddresses(...prefixes: readonly string[]): Promise<void> {
    await this.#writer().put(nodeAddressType, 'current', NodeAddressSpec.fromPartial({ addresses: prefixes.map(netIpPrefix) }));
  }

  /** The certificate that the API would show now, PEM; throws when there is none. */
  serverCertificate(): string {
    const crt = this.state.peek(apiCertificatesType, 'api')?.spec.server?.crt;
    if (crt === undefined) throw new TypeError('no certificate yet');
    return crt.toString('utf8');
  }

  messages(): readonly string[] {
    return this.log.lines.map((line) => line.message);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope.close();
  }

  #writer() {
    return this.state.as('test');
  }
}
