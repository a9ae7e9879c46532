import type { GenerateClientConfigurationRequest, MachineServiceDefinition } from '@minos/api/machine';
import { type Clock, Fault } from '@minos/base';
import { type ClientContext, emitClientConfig, type MachineConfig } from '@minos/config';
import { issueCertificate, type KeyPairPem } from '@minos/pki';
import type { Implementation } from '@minos/rpc';

type Method = 'GenerateClientConfiguration';

/** What the handler needs. */
export interface ClientConfigDeps {
  readonly clock: Clock;
  readonly config: { readonly current: MachineConfig | undefined };
}

/** GenerateClientConfiguration: a new client certificate of this cluster, by the authority that only a control plane has. */
export function clientConfigHandlers(deps: ClientConfigDeps): Pick<Implementation<typeof MachineServiceDefinition>, Method> {
  return {
    GenerateClientConfiguration: async ({ roles, crtTtl }) => {
      const { config, ca } = authorityOf(deps.config.current);
      const ttlMs = ttlOf(crtTtl);
      const organizations = [...new Set(roles)].sort();
      const nowMs = deps.clock.now();
      const issued = issueCertificate({
        ca,
        subject: { organizations },
        usages: ['clientAuth'],
        notBeforeMs: nowMs,
        ttlMs,
      });
      const caPem = [ca.certPem, ...config.acceptedCAs].map((pem) => `${pem.trimEnd()}\n`).join('');
      const context: ClientContext = { endpoints: [], nodes: [], caPem, ...issued, others: {} };
      const name = contextName(organizations, config.cluster.name);
      const text = emitClientConfig({ context: name, contexts: new Map([[name, context]]) });
      return {
        messages: [
          {
            metadata: undefined,
            ca: Buffer.from(caPem),
            crt: Buffer.from(issued.certPem),
            key: Buffer.from(issued.keyPem),
            talosconfig: Buffer.from(text),
          },
        ],
      };
    },
  };
}

/** `reader@cluster` for one role, the cluster alone for several; pure. */
export function contextName(roles: readonly string[], cluster: string): string {
  const [first] = roles;
  return first !== undefined && roles.length === 1 ? `${first.replace(/^os:/, '')}@${cluster}` : cluster;
}

function authorityOf(config: MachineConfig | undefined): { readonly config: MachineConfig; readonly ca: KeyPairPem } {
  const keyPem = config?.ca?.keyPem?.reveal();
  if (config?.ca === undefined || keyPem === undefined || config.machineType === 'worker') {
    throw new Fault('unimplemented', 'client configurations are made by control planes only; ask one of them');
  }
  return { config, ca: { certPem: config.ca.certPem, keyPem } };
}

function ttlOf(ttl: GenerateClientConfigurationRequest['crtTtl']): number {
  const ms = ttl === undefined ? 0 : Number(ttl.seconds) * 1000 + Math.floor(ttl.nanos / 1e6);
  if (ms <= 0) throw new Fault('invalid', 'the certificate must live for some time: give a positive crt_ttl');
  return ms;
}
