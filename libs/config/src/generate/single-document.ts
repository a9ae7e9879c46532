import { encodeBase64Pem } from '../pem-field.ts';
import type { YamlMap } from '../yaml-value.ts';
import { type ConfigRole, type ContractOptions, clusterSubnets, endpointHost } from './contract-options.ts';
import { AUDIT_POLICY, POD_SECURITY } from './kubernetes-policy.ts';
import { pairText } from './secrets-bundle.ts';
import { isAfter, type VersionContract } from './version-contract.ts';

/** The document without a kind as the lines up to 1.13 have it: everything about the node and its cluster. */
export function singleDocument(options: ContractOptions, role: ConfigRole): YamlMap {
  return {
    version: 'v1alpha1',
    debug: false,
    persist: true,
    machine: machineSection(options, role),
    cluster: role === 'controlplane' ? controlPlaneSection(options) : workerSection(options),
  };
}

function machineSection(options: ContractOptions, role: ConfigRole): YamlMap {
  const { secrets, contract, kubernetesVersion, additionalSans } = options;
  const isControlPlane = role === 'controlplane';
  return {
    type: role,
    token: secrets.trustdToken,
    ca: { crt: encodeBase64Pem(secrets.os.certPem), key: isControlPlane ? encodeBase64Pem(secrets.os.keyPem) : '' },
    certSANs: isControlPlane ? apiSans(contract, options) : [...additionalSans],
    kubelet: {
      image: `ghcr.io/siderolabs/kubelet:v${kubernetesVersion}`,
      ...(isAfter(contract, 1) ? { defaultRuntimeSeccompProfileEnabled: true } : {}),
      ...(isAfter(contract, 2) ? { disableManifestsDirectory: true } : {}),
    },
    network: options.hasKubeSpan && !isAfter(contract, 12) ? { kubespan: { enabled: true } } : {},
    ...(options.installDisk === '' ? {} : { install: installSection(options) }),
    registries: registriesSection(options),
    features: featuresSection(contract),
    ...(isControlPlane && isAfter(contract, 7)
      ? { nodeLabels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' } }
      : {}),
  };
}

/** Up to 1.11 the host of the endpoint is a name of the node's own API too. */
function apiSans(contract: VersionContract, { endpoint, additionalSans }: ContractOptions): string[] {
  return [...(isAfter(contract, 11) ? [] : [endpointHost(endpoint)]), ...additionalSans];
}

function installSection({ contract, installDisk, installImage }: ContractOptions): YamlMap {
  return {
    disk: installDisk,
    image: installImage,
    wipe: false,
    ...(isAfter(contract, 11) ? { grubUseUKICmdline: true } : {}),
  };
}

/** From 1.12 on mirrors have documents of their own. */
function registriesSection({ contract, registryMirrors }: ContractOptions): YamlMap {
  if (registryMirrors.length === 0 || isAfter(contract, 11)) return {};
  return { mirrors: Object.fromEntries(registryMirrors.map(({ host, url }) => [host, { endpoints: [url] }])) };
}

function featuresSection(contract: VersionContract): YamlMap {
  return {
    ...(isAfter(contract, 11) ? {} : { rbac: true }),
    ...(isAfter(contract, 1) && !isAfter(contract, 11) ? { stableHostname: true } : {}),
    ...(isAfter(contract, 2) ? { apidCheckExtKeyUsage: true } : {}),
    ...(isAfter(contract, 4) ? { diskQuotaSupport: true } : {}),
    ...(isAfter(contract, 5) ? { kubePrism: { enabled: true, port: 7445 } } : {}),
    ...(isAfter(contract, 6)
      ? { hostDNS: { enabled: true, ...(isAfter(contract, 7) ? { forwardKubeDNSToHost: true } : {}) } }
      : {}),
  };
}

function workerSection(options: ContractOptions): YamlMap {
  const { secrets, contract, endpoint, clusterName } = options;
  return {
    id: secrets.clusterId,
    secret: secrets.clusterSecret,
    controlPlane: { endpoint },
    ...(isAfter(contract, 7) ? { clusterName } : {}),
    network: networkSection(options),
    token: secrets.bootstrapToken,
    ca: { crt: encodeBase64Pem(secrets.kubernetes.certPem), key: '' },
    discovery: discoverySection(options),
  };
}

function controlPlaneSection(options: ContractOptions): YamlMap {
  const { secrets, kubernetesVersion, clusterName, endpoint } = options;
  const image = (name: string): YamlMap => ({ image: `registry.k8s.io/kube-${name}:v${kubernetesVersion}` });
  const { secretboxEncryptionSecret, aescbcEncryptionSecret } = secrets;
  return {
    id: secrets.clusterId,
    secret: secrets.clusterSecret,
    controlPlane: { endpoint },
    clusterName,
    network: networkSection(options),
    token: secrets.bootstrapToken,
    ...(aescbcEncryptionSecret === '' ? {} : { aescbcEncryptionSecret }),
    ...(secretboxEncryptionSecret === '' ? {} : { secretboxEncryptionSecret }),
    ca: pairText(secrets.kubernetes),
    aggregatorCA: pairText(secrets.aggregator),
    serviceAccount: { key: encodeBase64Pem(secrets.serviceAccountKeyPem) },
    apiServer: { ...image('apiserver'), ...apiServerSection(options) },
    controllerManager: image('controller-manager'),
    proxy: image('proxy'),
    scheduler: image('scheduler'),
    discovery: discoverySection(options),
    etcd: { ca: pairText(secrets.etcd) },
  };
}

function apiServerSection({ contract, endpoint, additionalSans }: ContractOptions): YamlMap {
  return {
    certSANs: [endpointHost(endpoint), ...additionalSans],
    ...(isAfter(contract, 11) ? {} : { disablePodSecurityPolicy: true }),
    ...(isAfter(contract, 0) ? { admissionControl: [{ name: 'PodSecurity', configuration: POD_SECURITY }] } : {}),
    ...(isAfter(contract, 2) ? { auditPolicy: AUDIT_POLICY } : {}),
  };
}

function networkSection({ dnsDomain, endpoint }: ContractOptions): YamlMap {
  return { dnsDomain, ...clusterSubnets(endpoint) };
}

function discoverySection({ contract, hasClusterDiscovery }: ContractOptions): YamlMap {
  return {
    enabled: hasClusterDiscovery,
    registries: { kubernetes: isAfter(contract, 1) ? { disabled: true } : {}, service: {} },
  };
}
