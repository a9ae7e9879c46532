import type { OSRootSpec, TrustdCertsSpec } from '@minos/api/resource-specs';
import { aborted, Scope } from '@minos/base';
import { type DaemonContext, type Program, runPath, ServingSwitch, serveHealth } from '@minos/daemon';
import { osRootType, remoteState, type State, trustdCertificatesType } from '@minos/resource';
import { dial, type RpcServer, serve } from '@minos/rpc';
import { follow } from './material/follow.ts';
import { serverTls, type TrustMaterial, trustMaterial } from './material/trust-material.ts';
import { Membership } from './membership/membership.ts';
import { securityService } from './rpc/certificate.ts';
import { AttemptLimit } from './token/attempt-limit.ts';

const OPTIONS = {
  address: { kind: 'text', default: undefined, value: 'ip', help: 'address to listen on; all of them when absent' },
  port: { kind: 'number', default: 50001, value: 'port', help: 'port to listen on; 0 takes a free one' },
} as const;

type Context = DaemonContext<typeof OPTIONS>;

const SOCKET = '/system/run/trustd/runtime.sock';
const LIMIT = { burst: 10, refillMs: 1000, addresses: 4096 };

/** trustd: signs certificate requests of joining nodes that show the token, and publishes whom it signed for. */
export const trustd: Program<typeof OPTIONS> = {
  name: 'trustd',
  description:
    'Signs certificate requests of joining nodes that show the token of the cluster, and publishes whom it signed for.',
  options: OPTIONS,
  run: async (context) => {
    await using scope = new Scope();
    if (context.simulate !== undefined) {
      const { openSimulation } = await import('./simulate/open-simulation.ts');
      const simulation = scope.use(await openSimulation(context, context.simulate));
      await run({ ...context, runDir: simulation.runDir }, scope);
    } else await run(context, scope);
  },
};

async function run(context: Context, scope: Scope): Promise<void> {
  const { clock, log } = context;
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const channel = scope.use(dial({ kind: 'unix', path: runPath(context, SOCKET) }));
  const state = scope.use(remoteState({ channel, clock, log }));
  const serving = new ServingSwitch();
  scope.use(await serveHealth(context, serving));
  const membership = new Membership({ state, clock, log });
  const server = new CertificateServer(context, membership);
  const background = [server.run({ state, onServing: () => serving.set(true) }, signal), membership.run(signal)];
  try {
    await Promise.race([aborted(signal), ...background.map(failing)]);
  } finally {
    stop.abort();
    await Promise.allSettled(background);
  }
}

/** Settles only when the work fails: work that ends when it is told to is no reason to end. */
function failing(work: Promise<void>): Promise<never> {
  return new Promise((_resolve, reject) => {
    work.catch(reject);
  });
}

interface Serving {
  readonly state: State;
  readonly onServing: () => void;
}

/** The door on the network: opened when there is a certificate to show, kept open when it changes. */
class CertificateServer {
  readonly #context: Context;
  readonly #membership: Membership;
  #material: TrustMaterial | undefined;
  #server: Promise<RpcServer> | undefined;

  constructor(context: Context, membership: Membership) {
    this.#context = context;
    this.#membership = membership;
  }

  /** Follows the secrets, and serves from the first certificate on, until the signal is aborted. */
  async run({ state, onServing }: Serving, signal: AbortSignal): Promise<void> {
    const { log } = this.#context;
    const opened = Promise.withResolvers<never>();
    try {
      await Promise.race([
        opened.promise,
        Promise.all([
          follow({ state, type: osRootType, id: 'os', log, onValue: ({ spec }) => this.#takeRoot(spec) }, signal),
          follow(
            {
              state,
              type: trustdCertificatesType,
              id: 'trustd',
              log,
              onValue: ({ spec }) => {
                this.#takeCertificate(spec, onServing).catch(opened.reject);
              },
            },
            signal,
          ),
        ]),
      ]);
    } finally {
      await (await this.#server)?.[Symbol.asyncDispose]();
    }
  }

  #takeRoot(spec: OSRootSpec): void {
    this.#material = trustMaterial(spec);
    this.#context.log.info({ isSigning: this.#material.issuer !== undefined }, 'token and authorities taken');
  }

  async #takeCertificate(spec: TrustdCertsSpec, onServing: () => void): Promise<void> {
    const { log, args, clock } = this.#context;
    const tls = serverTls(spec);
    if (tls === undefined) return;
    if (this.#server !== undefined) {
      (await this.#server).setTls(tls);
      log.info({}, 'server certificate replaced');
      return;
    }
    const limit = new AttemptLimit({ clock, ...LIMIT });
    const service = securityService({ material: () => this.#material, limit, membership: this.#membership, clock, log });
    const host = args.address === undefined ? {} : { host: args.address };
    this.#server = serve({ listen: { kind: 'tcp', port: args.port, tls, ...host }, services: [service], log });
    const { port } = await this.#server;
    log.info({ port }, 'serving certificates');
    onServing();
    this.#context.ready();
  }
}
