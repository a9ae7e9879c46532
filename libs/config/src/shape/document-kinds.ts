import type { Shape, ShapeTable } from './shape-table.ts';
import { shapeNamed } from './shape-table.ts';
import { BLOCK_SHAPES } from './table/block-shapes.ts';
import { CLUSTER_SHAPES } from './table/cluster-shapes.ts';
import { CONTAINER_SHAPES } from './table/container-shapes.ts';
import { EXTENSION_SHAPES } from './table/extension-shapes.ts';
import { HARDWARE_SHAPES } from './table/hardware-shapes.ts';
import { KUBERNETES_SHAPES } from './table/kubernetes-shapes.ts';
import { LEGACY_SHAPES } from './table/legacy-shapes.ts';
import { NETWORK_SHAPES } from './table/network-shapes.ts';
import { REGISTRY_SHAPES } from './table/registry-shapes.ts';
import { RUNTIME_SHAPES } from './table/runtime-shapes.ts';
import { SECURITY_SHAPES } from './table/security-shapes.ts';
import { SIDEROLINK_SHAPES } from './table/siderolink-shapes.ts';
import { STORAGE_SHAPES } from './table/storage-shapes.ts';

/** Name that stands for the document without a kind. */
export const LEGACY_KIND = 'v1alpha1';

const TABLES: readonly ShapeTable[] = [
  NETWORK_SHAPES,
  KUBERNETES_SHAPES,
  CLUSTER_SHAPES,
  RUNTIME_SHAPES,
  EXTENSION_SHAPES,
  BLOCK_SHAPES,
  STORAGE_SHAPES,
  CONTAINER_SHAPES,
  REGISTRY_SHAPES,
  HARDWARE_SHAPES,
  SECURITY_SHAPES,
  SIDEROLINK_SHAPES,
];

/** Kinds end in this; what they contain does not, with these exceptions. */
const KIND_SUFFIX = 'Config';
const NOT_KINDS: ReadonlySet<string> = new Set([
  'AcceptedServiceAccountConfig',
  'AddressConfig',
  'BGPBFDConfig',
  'BGPNeighborConfig',
  'BridgeSTPConfig',
  'BridgeVLANConfig',
  'CommonLinkConfig',
  'CommonProbeConfig',
  'EthernetChannelsConfig',
  'EthernetRingsConfig',
  'HostDNSConfig',
  'IssuerServiceAccountConfig',
  'KubeSpanFiltersConfig',
  'LocalImageCacheConfig',
  'NTPConfig',
  'NameserverConfig',
  'NodeIPConfig',
  'PTPConfig',
  'ResourcesConfig',
  'RouteConfig',
  'SearchDomainsConfig',
  'TrimConfig',
  'ScrubConfig',
  'VethPeerConfig',
]);

const KINDS: ReadonlyMap<string, ShapeTable> = new Map(
  TABLES.flatMap((table) =>
    Object.keys(table)
      .filter((name) => name.endsWith(KIND_SUFFIX) && !NOT_KINDS.has(name))
      .map((name): [string, ShapeTable] => [name, table]),
  ),
);

/** Kinds that only a control plane may carry. */
export const CONTROL_PLANE_KINDS: ReadonlySet<string> = new Set([
  'KubeAdmissionControlConfig',
  'KubeAggregatorCAConfig',
  'KubeAPIServerConfig',
  'KubeAuditPolicyConfig',
  'KubeAuthenticationConfig',
  'KubeAuthorizerConfig',
  'KubeControllerManagerConfig',
  'KubeCoreDNSConfig',
  'KubeEtcdEncryptionConfig',
  'KubeFlannelCNIConfig',
  'KubeProxyConfig',
  'KubeSchedulerConfig',
  'KubeServiceAccountConfig',
  'KubeTalosAPIAccessConfig',
]);

/** Kinds that make a link; all of them share one name space. */
export const LINK_KINDS: ReadonlySet<string> = new Set([
  'LinkConfig',
  'BondConfig',
  'BridgeConfig',
  'DummyLinkConfig',
  'VLANConfig',
  'VRFConfig',
  'VethConfig',
  'WireguardConfig',
]);

/** Every kind of document that has one, sorted. */
export function documentKinds(): readonly string[] {
  return [...KINDS.keys()].sort();
}

/** Every table of shapes, for a test that walks them all. */
export function allShapeTables(): readonly ShapeTable[] {
  return [...TABLES, LEGACY_SHAPES];
}

/** The shape of a kind of document; undefined when there is no such kind. */
export function documentShape(kind: string): Shape | undefined {
  if (kind === LEGACY_KIND) return shapeNamed(LEGACY_SHAPES, 'Config');
  const table = KINDS.get(kind);
  return table === undefined ? undefined : shapeNamed(table, kind);
}
