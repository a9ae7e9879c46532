import { issueCertificate } from '@minos/pki';
import { emitClientConfig } from '../client/client-config.ts';
import { encodeBase64Pem } from '../pem-field.ts';
import { toYamlStream } from '../yaml-text.ts';
import type { YamlMap } from '../yaml-value.ts';
import { clusterSubnets } from './contract-options.ts';
import { etcdEncryption } from './kubernetes-policy.ts';
import { pairText, type SecretsBundle } from './secrets-bundle.ts';

/** What to generate configurations for. */
export interface GenerateOptions {
  readonly clusterName: string;
  /** URL of the Kubernetes API, such as `https://10.5.0.2:6443`. */
  readonly endpoint: string;
  readonly secrets: SecretsBundle;
  /** Names and addresses for the certificate of the API, beside the node's own. */
  readonly additionalSans?: readonly string[];
  /** Endpoints to write into the client configuration. */
  readonly endpoints?: readonly string[];
  /** Nodes to write into the client configuration. */
  readonly nodes?: readonly string[];
  readonly roles?: readonly string[];
  readonly nowMs: number;
}

/** What a client configuration is made of. */
export type ClientOptions = Pick<GenerateOptions, 'secrets' | 'clusterName' | 'roles' | 'nowMs' | 'endpoints' | 'nodes'>;

/** The three texts of a new cluster. */
export interface GeneratedConfigs {
  readonly controlplane: string;
  readonly worker: string;
  readonly talosconfig: string;
}

const YEAR_MS = 365 * 24 * 3600 * 1000;
/**
 * Generates the configurations of a control plane, of a worker, and of an administrator's client, with what this version of a node acts on.
 * `contractDocuments` has everything that the compatible system writes.
 */
export function generateConfigs(options: GenerateOptions): GeneratedConfigs {
  return {
    controlplane: toYamlStream(controlPlaneDocuments(options)),
    worker: toYamlStream(workerDocuments(options)),
    talosconfig: adminClientConfig(options),
  };
}

function named(kind: string, body: YamlMap): YamlMap {
  return { apiVersion: 'v1alpha1', kind, ...body };
}

function machineDocument(options: GenerateOptions, type: 'controlplane' | 'worker'): YamlMap {
  const { os, trustdToken, bootstrapToken, etcd } = options.secrets;
  const isControlPlane = type === 'controlplane';
  return {
    version: 'v1alpha1',
    debug: false,
    persist: true,
    machine: {
      type,
      token: trustdToken,
      ca: { crt: encodeBase64Pem(os.certPem), key: isControlPlane ? encodeBase64Pem(os.keyPem) : '' },
      certSANs: isControlPlane ? (options.additionalSans ?? []) : [],
      features: { diskQuotaSupport: true },
    },
    cluster: { token: bootstrapToken, ...(isControlPlane ? { etcd: { ca: pairText(etcd) } } : {}) },
  };
}

function commonDocuments({ secrets, clusterName, endpoint }: GenerateOptions): readonly YamlMap[] {
  return [
    named('DiscoveryIdentityConfig', { clusterID: secrets.clusterId, clusterSecret: secrets.clusterSecret }),
    named('HostnameConfig', { auto: 'stable' }),
    named('KubeClusterConfig', { clusterName, endpoint }),
    named('KubeNetworkConfig', { dnsDomain: 'cluster.local', ...clusterSubnets(endpoint) }),
  ];
}

function controlPlaneDocuments(options: GenerateOptions): readonly YamlMap[] {
  const { kubernetes, aggregator, serviceAccountKeyPem, secretboxEncryptionSecret, aescbcEncryptionSecret } = options.secrets;
  const encryption = { secretbox: secretboxEncryptionSecret, aescbc: aescbcEncryptionSecret };
  return [
    machineDocument(options, 'controlplane'),
    ...commonDocuments(options),
    named('KubeAPIServerCAConfig', { issuingCA: { cert: kubernetes.certPem, key: kubernetes.keyPem } }),
    named('KubePrismConfig', { port: 7445 }),
    named('KubeAggregatorCAConfig', { issuingCA: { cert: aggregator.certPem, key: aggregator.keyPem } }),
    named('KubeEtcdEncryptionConfig', { config: etcdEncryption(encryption) }),
    named('KubeServiceAccountConfig', { issuer: { privateKey: serviceAccountKeyPem, issuerURL: options.endpoint } }),
  ];
}

function workerDocuments(options: GenerateOptions): readonly YamlMap[] {
  return [
    machineDocument(options, 'worker'),
    ...commonDocuments(options),
    named('KubeAPIServerCAConfig', { acceptedCAs: [options.secrets.kubernetes.certPem] }),
    named('KubePrismConfig', { port: 7445 }),
  ];
}

/** Makes the client configuration of an administrator of a new cluster: a certificate for a year, by the roles that are asked for. */
export function adminClientConfig({ secrets, clusterName, roles, nowMs, ...options }: ClientOptions): string {
  const admin = issueCertificate({
    ca: secrets.os,
    subject: { organizations: roles ?? ['os:admin'] },
    usages: ['clientAuth'],
    notBeforeMs: nowMs,
    ttlMs: YEAR_MS,
  });
  const context = {
    endpoints: options.endpoints ?? [],
    nodes: options.nodes ?? [],
    caPem: secrets.os.certPem,
    certPem: admin.certPem,
    keyPem: admin.keyPem,
    others: {},
  };
  return emitClientConfig({ context: clusterName, contexts: new Map([[clusterName, context]]) });
}
