/** The documents that the 1.14 line writes for a control plane beside those that we generate ourselves. */
export const NEWER_DOCUMENTS = `---
apiVersion: v1alpha1
kind: DiscoveryServiceConfig
name: default
endpoint: https://discovery.example/
---
apiVersion: v1alpha1
kind: UnattendedInstallConfig
installer:
    image: factory.example/metal-installer/abc:v1.14.0
provisioning:
    diskSelector:
        match: disk.dev_path == "/dev/sda"
    wipe: false
---
apiVersion: v1alpha1
kind: ResolverConfig
hostDNS:
    enabled: true
    forwardKubeDNSToHost: true
---
apiVersion: v1alpha1
kind: VolumeConfig
name: EPHEMERAL
provisioning:
    diskSelector:
        match: system_disk
    minSize: 10GiB
    maxSize: 80%
    grow: true
---
apiVersion: v1alpha1
kind: FilesystemTrimConfig
interval: 168h0m0s
---
apiVersion: v1alpha1
kind: SecurityProfileConfig
workloadIsolation: true
---
apiVersion: v1alpha1
kind: KubeSpanConfig
enabled: true
mtu: 1420
---
apiVersion: v1alpha1
kind: KubeNodeConfig
registerWithFQDN: false
nodeIP: {}
labels:
    node-role.kubernetes.io/control-plane: ""
taints:
    node-role.kubernetes.io/control-plane: :NoSchedule
---
apiVersion: v1alpha1
kind: KubeletConfig
image: ghcr.io/siderolabs/kubelet:v1.37.0-rc.0
config:
    serverTLSBootstrap: true
defaultRuntimeSeccompProfileEnabled: true
---
apiVersion: v1alpha1
kind: KubeAdmissionControlConfig
name: PodSecurity
configuration:
    defaults: { enforce: baseline }
---
apiVersion: v1alpha1
kind: KubeAuditPolicyConfig
configuration:
    rules:
        - level: Metadata
---
apiVersion: v1alpha1
kind: KubeAuthenticationConfig
configuration:
    anonymous: { enabled: false }
---
apiVersion: v1alpha1
kind: KubeAuthorizerConfig
name: node
type: Node
---
apiVersion: v1alpha1
kind: KubeAuthorizerConfig
name: rbac
type: RBAC
---
apiVersion: v1alpha1
kind: KubeAPIServerConfig
image: registry.k8s.io/kube-apiserver:v1.37.0-rc.0
extraArgs: { v: "2" }
certExtraSANs: [10.5.0.2]
---
apiVersion: v1alpha1
kind: KubeControllerManagerConfig
image: registry.k8s.io/kube-controller-manager:v1.37.0-rc.0
---
apiVersion: v1alpha1
kind: KubeSchedulerConfig
image: registry.k8s.io/kube-scheduler:v1.37.0-rc.0
config: {}
---
apiVersion: v1alpha1
kind: KubeProxyConfig
image: registry.k8s.io/kube-proxy:v1.37.0-rc.0
mode: nftables
config: {}
---
apiVersion: v1alpha1
kind: KubeFlannelCNIConfig
backendType: vxlan
backendPort: 4789
---
apiVersion: v1alpha1
kind: KubeCoreDNSConfig
image: registry.k8s.io/coredns/coredns:v1.14.0
`;
