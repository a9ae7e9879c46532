import { issueCertificate } from '@minos/pki';
import { emitClientConfig } from '../client/client-config.ts';
import { encodeBase64Pem } from '../pem-field.ts';
import { toYamlStream } from '../yaml-text.ts';
import type { YamlMap } from '../yaml-value.ts';
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

/** The three texts of a new cluster. */
export interface GeneratedConfigs {
  readonly controlplane: string;
  readonly worker: string;
  readonly talosconfig: string;
}

const YEAR_MS = 365 * 24 * 3600 * 1000;
const POD_SUBNET = { 4: '10.244.0.0/16', 6: 'fc00:db8:10::/56' } as const;
const SERVICE_SUBNET = { 4: '10.96.0.0/12', 6: 'fc00:db8:20::/112' } as const;

/** Generates the configurations of a control plane, of a worker, and of an administrator's client. */
export function generateConfigs(options: GenerateOptions): GeneratedConfigs {
  return {
    controlplane: toYamlStream(controlPlaneDocuments(options)),
    worker: toYamlStream(workerDocuments(options)),
    talosconfig: clientConfigText(options),
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
  const family = endpoint.includes('[') ? 6 : 4;
  return [
    named('DiscoveryIdentityConfig', { clusterID: secrets.clusterId, clusterSecret: secrets.clusterSecret }),
    named('HostnameConfig', { auto: 'stable' }),
    named('KubeClusterConfig', { clusterName, endpoint }),
    named('KubeNetworkConfig', {
      dnsDomain: 'cluster.local',
      podSubnets: [POD_SUBNET[family]],
      serviceSubnets: [SERVICE_SUBNET[family]],
    }),
  ];
}

function controlPlaneDocuments(options: GenerateOptions): readonly YamlMap[] {
  const { kubernetes, aggregator, serviceAccountKeyPem, secretboxEncryptionSecret } = options.secrets;
  return [
    machineDocument(options, 'controlplane'),
    ...commonDocuments(options),
    named('KubeAPIServerCAConfig', { issuingCA: { cert: kubernetes.certPem, key: kubernetes.keyPem } }),
    named('KubePrismConfig', { port: 7445 }),
    named('KubeAggregatorCAConfig', { issuingCA: { cert: aggregator.certPem, key: aggregator.keyPem } }),
    named('KubeEtcdEncryptionConfig', { config: etcdEncryption(secretboxEncryptionSecret) }),
    named('KubeServiceAccountConfig', { issuer: { privateKey: serviceAccountKeyPem, issuerURL: options.endpoint } }),
  ];
}

function etcdEncryption(secret: string): YamlMap {
  const secretbox = { keys: [{ name: 'key2', secret }] };
  return {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'EncryptionConfiguration',
    resources: [{ resources: ['secrets'], providers: [{ secretbox }, { identity: {} }] }],
  };
}

function workerDocuments(options: GenerateOptions): readonly YamlMap[] {
  return [
    machineDocument(options, 'worker'),
    ...commonDocuments(options),
    named('KubeAPIServerCAConfig', { acceptedCAs: [options.secrets.kubernetes.certPem] }),
    named('KubePrismConfig', { port: 7445 }),
  ];
}

function clientConfigText({ secrets, clusterName, roles, nowMs, ...options }: GenerateOptions): string {
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
