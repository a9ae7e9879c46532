import { AffiliateSpec, type ControlPlane, IdentitySpec, InfoSpec, MemberSpec } from '@minos/api/resource-specs';
import { formatNetIp, formatNetIpPrefix } from '../ip-text.ts';
import type { YamlValue } from '../resource-type.ts';
import { defineType, omitEmpty } from './define-type.ts';
import { MACHINE_TYPE, textOf } from './enum-text.ts';

/** Nodes that may be members; id = node id. */
export const affiliateType = defineType<AffiliateSpec>({
  type: 'Affiliates.cluster.talos.dev',
  displayType: 'Affiliate',
  namespace: 'cluster',
  aliases: ['affiliate'],
  columns: ['Hostname=.hostname', 'Machine Type=.machineType', 'Addresses=.addresses'],
  codec: AffiliateSpec,
  toYaml: (s) => ({
    nodeId: s.nodeId,
    addresses: s.addresses.map(formatNetIp),
    hostname: s.hostname,
    ...omitEmpty({ nodename: s.nodename }),
    operatingSystem: s.operatingSystem,
    machineType: textOf(MACHINE_TYPE, s.machineType),
    ...omitEmpty({
      kubespan: s.kubeSpan && {
        publicKey: s.kubeSpan.publicKey,
        address: formatNetIp(s.kubeSpan.address),
        additionalAddresses: s.kubeSpan.additionalAddresses.map(formatNetIpPrefix),
        endpoints: s.kubeSpan.endpoints.map((endpoint) => endpointText(formatNetIp(endpoint), endpoint.port)),
      },
      controlPlane: s.controlPlane && controlPlaneYaml(s.controlPlane),
    }),
  }),
});

/** Members of the cluster; id = host name. */
export const memberType = defineType<MemberSpec>({
  type: 'Members.cluster.talos.dev',
  displayType: 'Member',
  namespace: 'cluster',
  aliases: ['member'],
  columns: ['Hostname=.hostname', 'Machine Type=.machineType', 'OS=.operatingSystem', 'Addresses=.addresses'],
  codec: MemberSpec,
  toYaml: (s) => ({
    nodeId: s.nodeId,
    addresses: s.addresses.map(formatNetIp),
    hostname: s.hostname,
    machineType: textOf(MACHINE_TYPE, s.machineType),
    operatingSystem: s.operatingSystem,
    ...omitEmpty({ controlPlane: s.controlPlane && controlPlaneYaml(s.controlPlane) }),
  }),
});

/** Who this node is; id `local`. */
export const identityType = defineType<IdentitySpec>({
  type: 'Identities.cluster.talos.dev',
  displayType: 'Identity',
  namespace: 'cluster',
  aliases: ['identity'],
  columns: ['ID=.nodeId'],
  codec: IdentitySpec,
  toYaml: (s) => ({ nodeId: s.nodeId }),
});

/** Which cluster this is; id `current`. */
export const infoType = defineType<InfoSpec>({
  type: 'Infos.cluster.talos.dev',
  displayType: 'Info',
  namespace: 'cluster',
  aliases: ['info'],
  columns: ['Cluster ID=.clusterId', 'Cluster Name=.clusterName'],
  codec: InfoSpec,
  toYaml: (s) => ({ clusterId: s.clusterId, clusterName: s.clusterName }),
});

function controlPlaneYaml(controlPlane: ControlPlane): YamlValue {
  return { port: controlPlane.apiServerPort };
}

function endpointText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
