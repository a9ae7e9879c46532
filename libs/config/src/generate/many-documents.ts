import { encodeBase64Pem } from '../pem-field.ts';
import type { YamlMap } from '../yaml-value.ts';
import { type ConfigRole, type ContractOptions, clusterSubnets, endpointHost } from './contract-options.ts';
import { AUDIT_POLICY, AUTHENTICATION, etcdEncryption, POD_SECURITY } from './kubernetes-policy.ts';
import { pairText } from './secrets-bundle.ts';

/** Any document beside the one without a kind. */
export function kindDocument(kind: string, body: YamlMap): YamlMap {
  return { apiVersion: 'v1alpha1', kind, ...body };
}

/** The documents as the line 1.14 has them, in its order: one for each thing. */
export function manyDocuments(options: ContractOptions, role: ConfigRole): readonly YamlMap[] {
  const isControlPlane = role === 'controlplane';
  return [
    machineDocument(options, role),
    ...discoveryDocuments(options),
    ...installDocuments(options),
    kindDocument('ResolverConfig', { hostDNS: { enabled: true, forwardKubeDNSToHost: true } }),
    volumeDocument(),
    kindDocument('FilesystemTrimConfig', { interval: '168h0m0s' }),
    kindDocument('SecurityProfileConfig', { workloadIsolation: true }),
    ...mirrorDocuments(options),
    kindDocument('HostnameConfig', { auto: 'stable' }),
    ...kubeSpanDocuments(options),
    ...commonKubernetes(options, role),
    ...(isControlPlane ? controlPlaneKubernetes(options) : []),
  ];
}

/** Mirrors of registries, as documents. */
export function mirrorDocuments({ registryMirrors }: ContractOptions): readonly YamlMap[] {
  return registryMirrors.map(({ host, url }) => kindDocument('RegistryMirrorConfig', { name: host, endpoints: [{ url }] }));
}

/** The document that turns KubeSpan on, where it is wanted. */
export function kubeSpanDocuments({ hasKubeSpan }: ContractOptions): readonly YamlMap[] {
  return hasKubeSpan ? [kindDocument('KubeSpanConfig', { enabled: true })] : [];
}

function machineDocument({ secrets, additionalSans }: ContractOptions, role: ConfigRole): YamlMap {
  const isControlPlane = role === 'controlplane';
  return {
    version: 'v1alpha1',
    debug: false,
    persist: true,
    machine: {
      type: role,
      token: secrets.trustdToken,
      ca: { crt: encodeBase64Pem(secrets.os.certPem), key: isControlPlane ? encodeBase64Pem(secrets.os.keyPem) : '' },
      certSANs: [...additionalSans],
      features: { diskQuotaSupport: true },
    },
    cluster: { token: secrets.bootstrapToken, ...(isControlPlane ? { etcd: { ca: pairText(secrets.etcd) } } : {}) },
  };
}

function discoveryDocuments({ secrets, hasClusterDiscovery }: ContractOptions): readonly YamlMap[] {
  const { clusterId: clusterID, clusterSecret } = secrets;
  const service = { name: 'default', endpoint: 'https://discovery.talos.dev/' };
  return [
    ...(hasClusterDiscovery ? [kindDocument('DiscoveryServiceConfig', service)] : []),
    kindDocument('DiscoveryIdentityConfig', { clusterID, clusterSecret }),
  ];
}

function installDocuments({ installDisk, installImage }: ContractOptions): readonly YamlMap[] {
  if (installDisk === '') return [];
  const match = `disk.dev_path == ${JSON.stringify(installDisk)}`;
  const body = { installer: { image: installImage }, provisioning: { diskSelector: { match }, wipe: false } };
  return [kindDocument('UnattendedInstallConfig', body)];
}

function volumeDocument(): YamlMap {
  const provisioning = { diskSelector: { match: 'system_disk' }, minSize: '2GiB', grow: true };
  return kindDocument('VolumeConfig', { name: 'EPHEMERAL', provisioning });
}

function commonKubernetes(options: ContractOptions, role: ConfigRole): readonly YamlMap[] {
  const { clusterName, endpoint, dnsDomain, secrets, kubernetesVersion } = options;
  const isControlPlane = role === 'controlplane';
  const label = 'node-role.kubernetes.io/control-plane';
  const ofControlPlane = {
    labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '', [label]: '' },
    taints: { [label]: ':NoSchedule' },
  };
  const { certPem: cert, keyPem: key } = secrets.kubernetes;
  return [
    kindDocument('KubeClusterConfig', { clusterName, endpoint }),
    kindDocument('KubeNodeConfig', { registerWithFQDN: false, ...(isControlPlane ? ofControlPlane : {}) }),
    kindDocument('KubeletConfig', {
      image: `ghcr.io/siderolabs/kubelet:v${kubernetesVersion}`,
      defaultRuntimeSeccompProfileEnabled: true,
    }),
    kindDocument('KubeNetworkConfig', { dnsDomain, ...clusterSubnets(endpoint) }),
    kindDocument('KubeAPIServerCAConfig', isControlPlane ? { issuingCA: { cert, key } } : { acceptedCAs: [cert] }),
    kindDocument('KubePrismConfig', { port: 7445 }),
  ];
}

function controlPlaneKubernetes(options: ContractOptions): readonly YamlMap[] {
  const { secrets, endpoint, additionalSans, kubernetesVersion } = options;
  const { certPem: cert, keyPem: key } = secrets.aggregator;
  const image = (name: string): string => `registry.k8s.io/kube-${name}:v${kubernetesVersion}`;
  const encryption = { secretbox: secrets.secretboxEncryptionSecret, aescbc: secrets.aescbcEncryptionSecret };
  return [
    kindDocument('KubeAggregatorCAConfig', { issuingCA: { cert, key } }),
    kindDocument('KubeAdmissionControlConfig', { name: 'PodSecurity', configuration: POD_SECURITY }),
    kindDocument('KubeAuditPolicyConfig', { configuration: AUDIT_POLICY }),
    kindDocument('KubeAuthenticationConfig', { configuration: AUTHENTICATION }),
    kindDocument('KubeAuthorizerConfig', { name: 'node', type: 'Node' }),
    kindDocument('KubeAuthorizerConfig', { name: 'rbac', type: 'RBAC' }),
    kindDocument('KubeEtcdEncryptionConfig', { config: etcdEncryption(encryption) }),
    kindDocument('KubeServiceAccountConfig', { issuer: { privateKey: secrets.serviceAccountKeyPem, issuerURL: endpoint } }),
    kindDocument('KubeAPIServerConfig', {
      image: image('apiserver'),
      certExtraSANs: [endpointHost(endpoint), ...additionalSans],
    }),
    kindDocument('KubeControllerManagerConfig', { image: image('controller-manager') }),
    kindDocument('KubeSchedulerConfig', { image: image('scheduler') }),
    kindDocument('KubeProxyConfig', { image: image('proxy'), mode: 'nftables' }),
    kindDocument('KubeFlannelCNIConfig', { backendType: 'vxlan', backendPort: 4789 }),
    kindDocument('KubeCoreDNSConfig', { image: 'registry.k8s.io/coredns/coredns:v1.14.0' }),
  ];
}
