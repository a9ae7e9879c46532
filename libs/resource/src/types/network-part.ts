import type {
  BondMasterSpec,
  BridgeMasterSpec,
  NameServerSpec,
  RouteNextHop,
  VLANSpec,
  WireguardSpec,
} from '@minos/api/resource-specs';
import { formatNetIp, formatNetIpPrefix } from '../ip-text.ts';
import type { YamlValue } from '../resource-type.ts';
import { omitEmpty } from './define-type.ts';
import { DNS_PROTOCOL, textOf, VLAN_PROTOCOL } from './enum-text.ts';

const BOND_MODE = {
  0: 'balance-rr',
  1: 'active-backup',
  2: 'balance-xor',
  3: 'broadcast',
  4: '802.3ad',
  5: 'balance-tlb',
  6: 'balance-alb',
};
const HASH_POLICY = { 0: 'layer2', 1: 'layer3+4', 2: 'layer2+3', 3: 'encap2+3', 4: 'encap3+4' };
const LACP_RATE = { 0: 'slow', 1: 'fast' };

/** A VLAN as it stands inside a link. */
export function vlanYaml(vlan: VLANSpec): YamlValue {
  return { vlanID: vlan.vid, vlanProtocol: textOf(VLAN_PROTOCOL, vlan.protocol) };
}

/** The settings of a bond that are looked at; those of rare modes are left to the binary form. */
export function bondMasterYaml(bond: BondMasterSpec): YamlValue {
  return {
    mode: textOf(BOND_MODE, bond.mode),
    xmitHashPolicy: textOf(HASH_POLICY, bond.hashPolicy),
    lacpRate: textOf(LACP_RATE, bond.lacpRate),
    ...omitEmpty({ miimon: bond.miiMon, updelay: bond.upDelay, downdelay: bond.downDelay, minLinks: bond.minLinks }),
  };
}

/** The settings of a bridge. */
export function bridgeMasterYaml(bridge: BridgeMasterSpec): YamlValue {
  return {
    stp: { enabled: bridge.stp?.enabled ?? false },
    vlan: { filteringEnabled: bridge.vlan?.filteringEnabled ?? false },
  };
}

/** WireGuard settings, keys included: shown to administrators only, since the types that hold it are sensitive or leave keys out. */
export function wireguardYaml(wireguard: WireguardSpec): YamlValue {
  return {
    ...omitEmpty({ privateKey: wireguard.privateKey }),
    publicKey: wireguard.publicKey,
    listenPort: wireguard.listenPort,
    firewallMark: wireguard.firewallMark,
    peers: wireguard.peers.map((peer) => ({
      publicKey: peer.publicKey,
      presharedKey: peer.presharedKey,
      endpoint: peer.endpoint,
      persistentKeepaliveInterval: `${peer.persistentKeepaliveInterval?.seconds ?? 0n}s`,
      allowedIPs: peer.allowedIps.map(formatNetIpPrefix),
    })),
  };
}

/** One next hop of a route with several. */
export function nextHopYaml(hop: RouteNextHop): YamlValue {
  return { gateway: formatNetIp(hop.gateway), ...omitEmpty({ outLinkName: hop.outLinkName, weight: hop.weight }) };
}

/** One name server with its protocol. */
export function nameServerYaml(server: NameServerSpec): YamlValue {
  return {
    addr: formatNetIp(server.addr),
    protocol: textOf(DNS_PROTOCOL, server.protocol),
    tlsServerName: server.tlsServerName,
  };
}
