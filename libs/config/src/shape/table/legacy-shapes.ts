import type { ShapeTable } from '../shape-table.ts';

/** The document without a kind (`version: v1alpha1`), and what it contains; notation in shape-table.ts. */
export const LEGACY_SHAPES: ShapeTable = {
  Config: 'version:str debug:bool persist:bool machine:MachineConfig cluster:ClusterConfig',
  MachineConfig: `
    type:str token:str ca:PemPair acceptedCAs:PemCert[] certSANs:str[] controlPlane:MachineControlPlaneConfig
    kubelet:KubeletConfig pods:any[] network:NetworkConfig disks:MachineDisk[] install:InstallConfig files:MachineFile[]
    env:map time:TimeConfig sysctls:map sysfs:map registries:RegistriesConfig systemDiskEncryption:SystemDiskEncryptionConfig
    features:FeaturesConfig udev:UdevConfig logging:LoggingConfig kernel:KernelConfig seccompProfiles:MachineSeccompProfile[]
    baseRuntimeSpecOverrides:any nodeLabels:map nodeAnnotations:map nodeTaints:map
  `,
  MachineSeccompProfile: 'name:str value:any',
  ClusterConfig: `
    id:str secret:str controlPlane:ControlPlaneConfig clusterName:str network:ClusterNetworkConfig token:str
    aescbcEncryptionSecret:str secretboxEncryptionSecret:str ca:PemPair acceptedCAs:PemCert[] aggregatorCA:PemPair
    serviceAccount:PemKey apiServer:APIServerConfig controllerManager:ControllerManagerConfig proxy:ProxyConfig
    scheduler:SchedulerConfig discovery:ClusterDiscoveryConfig etcd:EtcdConfig coreDNS:CoreDNS
    externalCloudProvider:ExternalCloudProviderConfig extraManifests:str[] extraManifestHeaders:map
    inlineManifests:ClusterInlineManifest[] adminKubeconfig:AdminKubeconfigConfig allowSchedulingOnMasters:bool
    allowSchedulingOnControlPlanes:bool
  `,
  LinuxIDMapping: 'containerID:uint32 hostID:uint32 size:uint32',
  ExtraMount: 'destination:str type:str source:str options:str[] uidMappings:LinuxIDMapping[] gidMappings:LinuxIDMapping[]',
  MachineControlPlaneConfig: 'controllerManager:MachineControllerManagerConfig scheduler:MachineSchedulerConfig',
  MachineControllerManagerConfig: 'disabled:bool',
  MachineSchedulerConfig: 'disabled:bool',
  KubeletConfig: `
    image:str clusterDNS:str[] extraArgs:args extraMounts:ExtraMount[] extraConfig:any credentialProviderConfig:any
    defaultRuntimeSeccompProfileEnabled:bool registerWithFQDN:bool nodeIP:KubeletNodeIPConfig skipNodeRegistration:bool
    disableManifestsDirectory:bool
  `,
  KubeletNodeIPConfig: 'validSubnets:str[]',
  NetworkConfig: `
    hostname:str interfaces:Device[] nameservers:str[] searchDomains:str[] extraHostEntries:ExtraHost[]
    kubespan:NetworkKubeSpan disableSearchDomain:bool
  `,
  InstallConfig: `
    disk:str diskSelector:InstallDiskSelector extraKernelArgs:str[] image:str extensions:InstallExtensionConfig[]
    bootloader:bool wipe:bool legacyBIOSSupport:bool grubUseUKICmdline:bool
  `,
  InstallDiskSelector: 'size:str name:str model:str serial:str modalias:str uuid:str wwid:str type:str busPath:str',
  InstallExtensionConfig: 'image:str',
  TimeConfig: 'disabled:bool servers:str[] bootTimeout:dur',
  RegistriesConfig: 'mirrors:map<RegistryMirrorConfig> config:map<RegistryConfig>',
  PodCheckpointer: 'image:str',
  CoreDNS: 'disabled:bool image:str',
  ControlPlaneConfig: 'endpoint:url localAPIServerPort:int',
  APIServerConfig: `
    image:str extraArgs:args extraVolumes:VolumeMountConfig[] env:map certSANs:str[] disablePodSecurityPolicy:bool
    admissionControl:AdmissionPluginConfig[] auditPolicy:any~ resources:ResourcesConfig
    authorizationConfig:AuthorizationConfigAuthorizerConfig[]
  `,
  AdmissionPluginConfig: 'name:str configuration:any',
  AuthorizationConfigAuthorizerConfig: 'type:str name:str webhook:any',
  ControllerManagerConfig: 'image:str extraArgs:args extraVolumes:VolumeMountConfig[] env:map resources:ResourcesConfig',
  ProxyConfig: 'disabled:bool image:str mode:str extraArgs:args',
  SchedulerConfig: 'image:str extraArgs:args extraVolumes:VolumeMountConfig[] env:map resources:ResourcesConfig config:any',
  EtcdConfig: 'image:str ca:PemPair extraArgs:args subnet:str advertisedSubnets:str[] listenSubnets:str[]',
  ClusterNetworkConfig: 'cni:CNIConfig dnsDomain:str podSubnets:str[]~ serviceSubnets:str[]~',
  CNIConfig: 'name:str urls:str[] flannel:FlannelCNIConfig',
  FlannelCNIConfig: 'extraArgs:str[] kubeNetworkPoliciesEnabled:bool',
  ExternalCloudProviderConfig: 'enabled:bool manifests:str[]',
  AdminKubeconfigConfig: 'certLifetime:dur',
  MachineDisk: 'device:str partitions:DiskPartition[]',
  DiskPartition: 'size:bytes mountpoint:str',
  EncryptionConfig: 'provider:str keys:EncryptionKey[] cipher:str keySize:uint blockSize:uint64 options:str[]',
  EncryptionKey: 'static:EncryptionKeyStatic nodeID:Nothing kms:EncryptionKeyKMS slot:int tpm:EncryptionKeyTPM',
  EncryptionKeyStatic: 'passphrase:str',
  EncryptionKeyKMS: 'endpoint:str',
  EncryptionKeyTPM: 'checkSecurebootStatusOnEnroll:bool',
  ResourcesConfig: 'requests:any limits:any',
  MachineFile: 'content:str permissions:mode path:str op:str',
  ExtraHost: 'ip:str aliases:str[]',
  Device: `
    interface:str deviceSelector:NetworkDeviceSelector addresses:str[] cidr:str routes:Route[] bond:Bond bridge:Bridge
    bridgePort:BridgePort vlans:Vlan[] mtu:int dhcp:bool ignore:bool dummy:bool dhcpOptions:DHCPOptions
    wireguard:DeviceWireguardConfig vip:DeviceVIPConfig
  `,
  DHCPOptions: 'routeMetric:uint32 ipv4:bool ipv6:bool duidv6:str',
  DeviceWireguardConfig: 'privateKey:str listenPort:int firewallMark:int peers:DeviceWireguardPeer[]',
  DeviceWireguardPeer: 'publicKey:str endpoint:str persistentKeepaliveInterval:dur allowedIPs:str[]',
  DeviceVIPConfig: 'ip:str equinixMetal:VIPEquinixMetalConfig hcloud:VIPHCloudConfig',
  VIPEquinixMetalConfig: 'apiToken:str',
  VIPHCloudConfig: 'apiToken:str',
  Bond: `
    interfaces:str[] deviceSelectors:NetworkDeviceSelector[] arpIPTarget:str[] mode:str xmitHashPolicy:str lacpRate:str
    adActorSystem:str arpValidate:str arpAllTargets:str primary:str primaryReselect:str failOverMac:str adSelect:str
    miimon:uint32 updelay:uint32 downdelay:uint32 arpInterval:uint32 resendIgmp:uint32 minLinks:uint32 lpInterval:uint32
    packetsPerSlave:uint32 numPeerNotif:uint8 tlbDynamicLb:uint8 allSlavesActive:uint8 useCarrier:bool adActorSysPrio:uint16
    adUserPortKey:uint16 peerNotifyDelay:uint32
  `,
  STP: 'enabled:bool',
  BridgeVLAN: 'vlanFiltering:bool',
  Bridge: 'interfaces:str[] stp:STP vlan:BridgeVLAN',
  BridgePort: 'master:str',
  Vlan: `
    addresses:str[] cidr:str routes:Route[] dhcp:bool vlanId:uint16 mtu:uint32 vip:DeviceVIPConfig dhcpOptions:DHCPOptions
  `,
  Route: 'network:str gateway:str source:str metric:uint32 mtu:uint32',
  RegistryMirrorConfig: 'endpoints:str[] overridePath:bool skipFallback:bool',
  RegistryConfig: 'tls:RegistryTLSConfig auth:RegistryAuthConfig',
  RegistryAuthConfig: 'username:str password:str auth:str identityToken:str',
  RegistryTLSConfig: 'clientIdentity:PemPair ca:b64 insecureSkipVerify:bool',
  SystemDiskEncryptionConfig: 'state:EncryptionConfig ephemeral:EncryptionConfig',
  FeaturesConfig: `
    rbac:bool stableHostname:bool kubernetesTalosAPIAccess:KubernetesTalosAPIAccessConfig apidCheckExtKeyUsage:bool
    diskQuotaSupport:bool kubePrism:KubePrism hostDNS:HostDNSConfig imageCache:ImageCacheConfig nodeAddressSortAlgorithm:str
  `,
  KubePrism: 'enabled:bool port:int',
  ImageCacheConfig: 'localEnabled:bool',
  KubernetesTalosAPIAccessConfig: 'enabled:bool allowedRoles:str[] allowedKubernetesNamespaces:str[]',
  HostDNSConfig: 'enabled:bool forwardKubeDNSToHost:bool resolveMemberNames:bool',
  VolumeMountConfig: 'hostPath:str mountPath:str readonly:bool',
  ClusterInlineManifest: 'name:str contents:str',
  NetworkKubeSpan: `
    enabled:bool advertiseKubernetesNetworks:bool allowDownPeerBypass:bool harvestExtraEndpoints:bool mtu:uint32
    filters:KubeSpanFilters
  `,
  KubeSpanFilters: 'endpoints:str[] excludeAdvertisedNetworks:str[]',
  NetworkDeviceSelector: 'busPath:str hardwareAddr:str permanentAddr:str pciID:str driver:str physical:bool',
  ClusterDiscoveryConfig: 'enabled:bool registries:DiscoveryRegistriesConfig',
  DiscoveryRegistriesConfig: 'kubernetes:RegistryKubernetesConfig service:RegistryServiceConfig',
  RegistryKubernetesConfig: 'disabled:bool',
  RegistryServiceConfig: 'disabled:bool endpoint:str',
  UdevConfig: 'rules:str[]',
  LoggingConfig: 'destinations:LoggingDestination[]',
  LoggingDestination: 'endpoint:url format:str extraTags:map',
  KernelConfig: 'modules:KernelModuleConfig[]',
  KernelModuleConfig: 'name:str parameters:str[]',
};
