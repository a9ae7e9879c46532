import type { FuzzRandom } from '@minos/testkit';
import { documentKinds, documentShape, LEGACY_KIND } from '../shape/document-kinds.ts';
import { toYamlText } from '../yaml-text.ts';
import { NEWER_DOCUMENTS } from './newer-documents.ts';
import { shapeDocument } from './shape-document.ts';

/** Stands where a secret would, and must never be in anything that is said about a text. */
export const CANARY = 'c4n4ry.s3cr3tv4lu3xyz01';

/** The certificate of an authority that issues nothing. */
const CERTIFICATE = `LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJQakNCOGFBREFnRUNBaEErL3YxK3hGbHF1djNKTkFiZk5jN0dNQVVHQXl0bGNEQVFNUTR3REFZRFZRUUsKRXdWMFlXeHZjekFlRncweU5qRXhNalV3TURReE1EQmFGdzB6TmpFeE1qSXdNRFF4TURCYU1CQXhEakFNQmdOVgpCQW9UQlhSaGJHOXpNQ293QlFZREsyVndBeUVBWGZTazJYMlM1cUh4YmM3Y01heWhxNGtHVzR4eHQ4YTk5ek1VCi9oMHVWMXVqWVRCZk1BNEdBMVVkRHdFQi93UUVBd0lDaERBZEJnTlZIU1VFRmpBVUJnZ3JCZ0VGQlFjREFRWUkKS3dZQkJRVUhBd0l3RHdZRFZSMFRBUUgvQkFVd0F3RUIvekFkQmdOVkhRNEVGZ1FVeE5BY2FPWWRnT013RXRDSgpZVkNIZ2QzeGFkSXdCUVlESzJWd0EwRUFzRDI3dFBtUFBhTktCcXU3c2VKbGpXaUlIUHlNbFhRM2dmSWpQUFNWCklnOWtCei9YbHNPNHk5NlJKVmUvMzFXOWt3SzNwelVyY3h5MHNIZlcrUGs0RHc9PQotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg==`;

/** A worker of the older line, in one document. */
export const OLDER_WORKER = `version: v1alpha1 # the schema
debug: false
persist: true
machine:
    type: worker
    token: ${CANARY}
    ca:
        crt: ${CERTIFICATE}
        key: ""
    certSANs: [a.example, 10.5.0.3]
    kubelet:
        image: example/kubelet:v1.36.3
        extraArgs:
            node-labels: a=b
            feature-gates: [X=true, Y=false]
        extraConfig: { a: [1, 2] }
    network:
        hostname: worker-1
        nameservers: [10.5.0.1, "fd00::1"]
        extraHostEntries:
            - ip: 10.5.0.9
              aliases: [registry, registry.example]
        interfaces:
            # the uplink
            - interface: eth0
              mtu: 1400
              addresses: [10.5.0.3/24, "fd00::3/64"]
              routes:
                  - network: 0.0.0.0/0
                    gateway: 10.5.0.1
                    metric: 512
              dhcp: false
              vlans:
                  - vlanId: 7
                    addresses: [10.7.0.3/24]
            - deviceSelector: { driver: virtio, hardwareAddr: "aa:bb:*" }
              dhcp: true
              bond: { mode: 802.3ad, interfaces: [eth1, eth2], lacpRate: fast }
    files:
        - content: |
            hello
              there
          permissions: 0o644
          path: /var/lib/x
          op: create
    sysctls: { net.ipv4.ip_forward: "1" }
    features:
        rbac: true
        kubePrism: { enabled: true, port: 7445 }
    nodeLabels: { a/b: "" }
cluster:
    id: aaaa
    secret: ${CANARY}
    controlPlane:
        endpoint: https://10.5.0.2:6443
    clusterName: minos
    network:
        dnsDomain: cluster.local
        podSubnets: [10.244.0.0/16]
        serviceSubnets: [10.96.0.0/12]
    token: ${CANARY}
`;

/** A worker of the newer line, in several documents. */
export const NEWER_WORKER = `version: v1alpha1
machine:
    type: worker
    token: ${CANARY}
    ca: { crt: ${CERTIFICATE}, key: "" }
cluster:
    token: ${CANARY}
---
apiVersion: v1alpha1
kind: HostnameConfig
auto: off
hostname: worker-1
---
apiVersion: v1alpha1
kind: LinkConfig
name: eth0
mtu: 1400
addresses:
    - address: 10.5.0.3/24
routes:
    - gateway: 10.5.0.1
      destination: 10.0.0.0/8
---
apiVersion: v1alpha1
kind: BondConfig
name: bond0
links: [eth1, eth2]
bondMode: active-backup
miimon: 100
---
apiVersion: v1alpha1
kind: VLANConfig
name: bond0.7
parent: bond0
vlanID: 7
---
apiVersion: v1alpha1
kind: WireguardConfig
name: wg0
privateKey: ${Buffer.alloc(32, 7).toString('base64')}
peers:
    - publicKey: ${Buffer.alloc(32, 8).toString('base64')}
      endpoint: 10.5.0.9:51820
      allowedIPs: [10.9.0.0/24]
`;

/** A configuration, or one document of any kind. */
export function corpusText(random: FuzzRandom): string {
  const which = random.below(6);
  if (which === 0) return OLDER_WORKER;
  if (which === 1) return NEWER_WORKER;
  if (which === 2) return NEWER_WORKER + NEWER_DOCUMENTS;
  if (which === 3) return NEWER_DOCUMENTS;
  const document = shapeText(random);
  return which === 4 ? document : `${NEWER_WORKER}---\n${document}`;
}

/** A document of any kind. */
export function shapeText(random: FuzzRandom): string {
  const kind = random.pick([LEGACY_KIND, ...documentKinds()]);
  const shape = documentShape(kind);
  return shape === undefined ? '' : toYamlText(shapeDocument(kind, shape, (below) => random.below(below)));
}
