import type { ShapeTable } from '../shape-table.ts';

/** Documents about kubernetes, and what they contain; notation in shape-table.ts. */
export const KUBERNETES_SHAPES: ShapeTable = {
  KubeAdmissionControlConfig: 'name:str! configuration:any',
  KubeAggregatorCAConfig: 'issuingCA:PemTexts acceptedCAs:str[]',
  KubeAPIServerConfig: `
    image:str extraArgs:args env:map resources:ResourcesConfig apiPort:int certExtraSANs:str[] startupProbes:bool
  `,
  KubeAPIServerCAConfig: 'issuingCA:PemTexts acceptedCAs:str[]',
  KubeAuditPolicyConfig: 'configuration:any~',
  KubeAuthenticationConfig: 'configuration:any~',
  KubeAuthorizerConfig: 'name:str! type:str! webhook:any',
  KubeClusterConfig: 'clusterName:str! endpoint:url!',
  ResourcesConfig: 'requests:any limits:any',
  KubeControllerManagerConfig: 'enabled:bool image:str extraArgs:args env:map resources:ResourcesConfig',
  KubeCoreDNSConfig: 'enabled:bool image:str',
  KubeCredentialProviderConfig: 'configuration:any~',
  KubeEtcdEncryptionConfig: 'config:any',
  KubeExternalManifestConfig: 'name:str! headers:map url:url!',
  KubeFlannelCNIConfig: `
    backendType:str backendPort:uint16 backendMTU:uint32 backendExtraConfig:any resources:ResourcesConfig extraArgs:str[]
    kubeNetworkPoliciesEnabled:bool
  `,
  KubeInlineManifestConfig: 'name:str! manifest:str!',
  KubeletConfig: 'image:str config:any extraArgs:args clusterDNS:str[] defaultRuntimeSeccompProfileEnabled:bool',
  KubePrismConfig: 'port:int! tlsServerName:str',
  KubeNetworkConfig: `
    dnsDomain:str podSubnets:cidr[]~ serviceSubnets:cidr[]~ nodeCIDRMaskSizeIPv4:int nodeCIDRMaskSizeIPv6:int
  `,
  KubeNodeConfig: 'skipNodeRegistration:bool registerWithFQDN:bool nodeIP:NodeIPConfig labels:map annotations:map taints:map',
  NodeIPConfig: 'validSubnets:str[]',
  KubeProxyConfig: 'enabled:bool image:str mode:str config:any extraArgs:args resources:ResourcesConfig',
  KubeSchedulerConfig: 'enabled:bool image:str config:any extraArgs:args env:map resources:ResourcesConfig',
  KubeServiceAccountConfig: 'issuer:IssuerServiceAccountConfig! accepted:AcceptedServiceAccountConfig',
  IssuerServiceAccountConfig: 'privateKey:str! issuerURL:url!',
  AcceptedServiceAccountConfig: 'publicKeys:str[] issuers:url[] audiences:str[]',
  KubeStaticPodConfig: 'name:str! pod:any~!',
  KubeTalosAPIAccessConfig: 'allowedRoles:str[] allowedKubernetesNamespaces:str[]',
};
