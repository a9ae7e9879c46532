import { Fault } from '@minos/base';
import { netIp, netIpPrefix, type ResourceType } from '@minos/resource';

const IP = netIp('10.1.2.3');
const PREFIX = netIpPrefix('10.1.2.0/24');
const PAIR = { crt: Buffer.from('certificate'), key: Buffer.from('key') };
const DURATION = { seconds: 7n, nanos: 0 };
const PEER = { publicKey: 'p', presharedKey: 's', endpoint: 'e:1', persistentKeepaliveInterval: DURATION, allowedIps: [PREFIX] };

/**
 * What a generated message cannot tell of itself: the elements of its lists, and the messages in it, by the names of the
 * fields. A name with the type before it goes first.
 */
const PARTS: Readonly<Record<string, unknown>> = {
  addresses: [IP],
  'NodeAddress.addresses': [PREFIX],
  'RouteSpec.flags': 0x200,
  'RouteStatus.flags': 0x200,
  address: PREFIX,
  additionalAddresses: [PREFIX],
  excludeAdvertisedNetworks: [PREFIX],
  endpoints: [{ ip: IP.ip, port: 7 }],
  local: IP,
  broadcast: IP,
  anycast: IP,
  multicast: IP,
  gateway: IP,
  source: IP,
  src: IP,
  dst: PREFIX,
  destination: PREFIX,
  dnsServers: [IP],
  nameServers: [{ addr: IP, protocol: 1, tlsServerName: 'n' }],
  nextHops: [{ gateway: IP, outLinkName: 'eth0', weight: 2 }],
  certSaniPs: [IP],
  iPs: [IP],
  ips: [IP],
  controlPlane: { apiServerPort: 6443n },
  kubeSpan: {
    publicKey: 'k',
    address: IP,
    additionalAddresses: [PREFIX],
    endpoints: [{ ip: IP.ip, port: 7 }],
    excludeAdvertisedNetworks: [PREFIX],
  },
  issuingCa: PAIR,
  client: PAIR,
  server: PAIR,
  acceptedCAs: [{ crt: PAIR.crt }],
  status: { ready: true, unmetConditions: [{ name: 'n', reason: 'r' }] },
  cpu: [{ user: 1.5 }],
  cpuTotal: { user: 2.5 },
  logicalCpUs: [3, 4],
  printColumns: [{ name: 'n', jsonPath: '{.p}' }],
  tags: { a: 'b' },
  vlan: { vid: 7, protocol: 0x8100 },
  veth: { peerName: 'peer0' },
  wireguard: { privateKey: 'k', publicKey: 'p', listenPort: 7, firewallMark: 7, peers: [PEER] },
  bridgeMaster: { stp: { enabled: true }, vlan: { filteringEnabled: true } },
  bridgeSlave: { masterName: 'br0' },
  bondMaster: { mode: 1, miiMon: 7 },
  bondSlave: { masterName: 'bond0', slaveIndex: 7 },
  vrfMaster: { table: 7 },
  'MountStatus.spec': { volumeId: 'STATE', requesters: ['r'], requesterIDs: ['i'] },
  mountSpec: { targetPath: '/var' },
  symlinkSpec: { symlinkTargetPath: '/a' },
  tpmEncryptionOptions: { pcRs: [7n], pubKeyPcRs: [11n] },
  trimInterval: DURATION,
  scrubInterval: DURATION,
  vrfSlave: { masterName: 'vrf0' },
};

/** A spec in which every field says something; throws `invalid`, naming the field, when this file does not know what. */
export function fullSpec<S>(type: ResourceType<S>): S {
  const empty: object = Object(type.codec.fromPartial({}));
  const fields = Object.entries(empty).map(([name, value]) => [name, sampleOf(type.displayType, name, value)]);
  return type.codec.fromPartial(Object.fromEntries(fields));
}

function sampleOf(type: string, name: string, empty: unknown): unknown {
  const qualified = PARTS[`${type}.${name}`];
  if (qualified !== undefined) return qualified;
  if (typeof empty === 'string') return `the ${name}`;
  if (typeof empty === 'number') return 1;
  if (typeof empty === 'bigint') return 7n;
  if (typeof empty === 'boolean') return true;
  if (Buffer.isBuffer(empty)) return Buffer.from([1, 2, 3, 4, 5, 6]);
  const known = PARTS[name];
  if (known !== undefined) return known;
  if (Array.isArray(empty)) return [`one of ${name}`];
  throw new Fault('invalid', `${type}.${name} is a message; say what stands in it in PARTS`);
}
