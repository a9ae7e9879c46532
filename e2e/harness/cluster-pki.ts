import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, formatProblems } from '@minos/base';
import { type ClientContext, emitClientConfig, parseClientConfig, parseSecretsBundle } from '@minos/config';
import { issueCertificate, type KeyPairPem } from '@minos/pki';
import type { Cluster } from './cluster.ts';

const HOUR_MS = 3_600_000;

/** The authority of a cluster's API, from the secrets that `up` made. */
export async function clusterAuthority(cluster: Cluster): Promise<KeyPairPem> {
  const bundle = parseSecretsBundle(await readFile(join(cluster.dir, 'secrets.yaml'), 'utf8'));
  if (!bundle.ok) throw new Fault('invalid', formatProblems(bundle.problems));
  return bundle.value.os;
}

/** The context that `up` wrote. */
export async function clusterContext(cluster: Cluster): Promise<ClientContext> {
  const config = parseClientConfig(await readFile(cluster.clientConfig, 'utf8'));
  if (!config.ok) throw new Fault('invalid', formatProblems(config.problems));
  const context = config.value.contexts.get(config.value.context);
  if (context === undefined) throw new Fault('missing', `no context ${config.value.context}`);
  return context;
}

/** A certificate of some client. */
export interface ClientIdentityOptions {
  readonly ca: KeyPairPem;
  readonly roles: readonly string[];
  readonly usages?: readonly ('serverAuth' | 'clientAuth')[];
  readonly notBeforeMs?: number;
  readonly ttlMs?: number;
}

/** Makes a client certificate as an administrator could. */
export function clientCertificate(options: ClientIdentityOptions): KeyPairPem {
  return issueCertificate({
    ca: options.ca,
    subject: { organizations: options.roles },
    usages: options.usages ?? ['clientAuth'],
    notBeforeMs: options.notBeforeMs ?? Date.now() - 1000,
    ttlMs: options.ttlMs ?? HOUR_MS,
  });
}

/** Text of a client configuration like the cluster's own, with another certificate or none. */
export async function clientConfigWith(cluster: Cluster, pair: KeyPairPem | undefined): Promise<string> {
  const context = await clusterContext(cluster);
  const changed: ClientContext = { ...context, certPem: pair?.certPem, keyPem: pair?.keyPem };
  return emitClientConfig({ context: 'test', contexts: new Map([['test', changed]]) });
}
