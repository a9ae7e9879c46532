import { newCertificateAuthority } from '@minos/pki';
import { encodeBase64Pem } from '../pem-field.ts';

/** A control plane as the 1.13 line writes it: everything in one document. */
export function olderConfig(): string {
  return `${machineSection()}${clusterSection()}`;
}

function pair(organization: string): string {
  const { certPem, keyPem } = newCertificateAuthority({ organization, nowMs: 0 });
  return `{ crt: ${encodeBase64Pem(certPem)}, key: ${encodeBase64Pem(keyPem)} }`;
}

function machineSection(): string {
  return `version: v1alpha1 # Indicates the schema used to decode the contents.
debug: false # Enable verbose logging to the console.
persist: true
# Provides machine specific configuration options.
machine:
    type: controlplane
    token: abcdef.0123456789abcdef
    ca: ${pair('talos')}
    certSANs: [minos.example, 10.5.0.2]
    kubelet:
        image: ghcr.io/siderolabs/kubelet:v1.36.3
        defaultRuntimeSeccompProfileEnabled: true
        disableManifestsDirectory: true
        extraArgs:
            node-labels: a=b
            feature-gates: [X=true, Y=false]
    network:
        hostname: minos-cp-1.example
        nameservers: [10.5.0.1, "fd00::1"]
        searchDomains: [example]
        extraHostEntries:
            - ip: 10.5.0.9
              aliases: [registry, registry.example]
        interfaces:
            - interface: eth0
              mtu: 1400
              addresses: [10.5.0.2/24, "fd00::2"]
              routes:
                  - network: 0.0.0.0/0
                    gateway: 10.5.0.1
                    metric: 512
              dhcp: false
              vip: { ip: 10.5.0.100 }
              vlans:
                  - vlanId: 7
                    addresses: [10.7.0.2/24]
                    routes: []
    install:
        disk: /dev/sda
        image: ghcr.io/siderolabs/installer:v1.13.9
        wipe: false
    files:
        - content: hello
          permissions: 0o644
          path: /var/lib/x
          op: create
    sysctls: { net.ipv4.ip_forward: "1" }
    registries: {}
    features:
        rbac: true
        apidCheckExtKeyUsage: true
        diskQuotaSupport: true
        kubePrism: { enabled: true, port: 7445 }
        hostDNS: { enabled: true, forwardKubeDNSToHost: true }
    logging:
        destinations:
            - endpoint: tcp://10.5.0.1:5044
              format: json_lines
    nodeLabels:
        node.kubernetes.io/exclude-from-external-load-balancers: ""
`;
}

function clusterSection(): string {
  return `cluster:
    id: ${Buffer.alloc(32, 251).toString('base64url')}=
    secret: ${Buffer.alloc(32, 7).toString('base64')}
    controlPlane:
        endpoint: https://10.5.0.2:6443
    clusterName: minos
    network:
        dnsDomain: cluster.local
        podSubnets: [10.244.0.0/16]
        serviceSubnets: [10.96.0.0/12]
    token: fedcba.0123456789abcdef
    secretboxEncryptionSecret: ${Buffer.alloc(32, 9).toString('base64')}
    ca: ${pair('kubernetes')}
    aggregatorCA: ${pair('front')}
    serviceAccount: { key: ${encodeBase64Pem('-----BEGIN RSA PRIVATE KEY-----')} }
    apiServer:
        image: registry.k8s.io/kube-apiserver:v1.36.3
        certSANs: [10.5.0.2]
        disablePodSecurityPolicy: true
        admissionControl:
            - name: PodSecurity
              configuration:
                  apiVersion: pod-security.admission.config.k8s.io/v1alpha1
                  defaults: { enforce: baseline }
        auditPolicy:
            apiVersion: audit.k8s.io/v1
            kind: Policy
            rules:
                - level: Metadata
    controllerManager: { image: registry.k8s.io/kube-controller-manager:v1.36.3 }
    proxy: { image: registry.k8s.io/kube-proxy:v1.36.3 }
    scheduler: { image: registry.k8s.io/kube-scheduler:v1.36.3 }
    discovery:
        enabled: true
        registries:
            kubernetes: { disabled: true }
            service: {}
    etcd:
        ca: ${pair('etcd')}
`;
}
