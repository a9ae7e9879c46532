import { LinkStatusSpec, NethelpersDuplex, NethelpersOperationalState, NethelpersPort } from '@minos/api/resource-specs';
import type { Link } from '@minos/host';

const IFF_LOWER_UP = 0x10000;
/** ARPHRD_* numbers of the names that the port gives, linux/if_arp.h. */
const LINK_TYPES: Readonly<Record<string, number>> = {
  ether: 1,
  infiniband: 32,
  can: 280,
  ppp: 512,
  tunnel: 768,
  tunnel6: 769,
  loopback: 772,
  sit: 776,
  ipgre: 778,
  ip6gre: 823,
  none: 65534,
};
const VOID_TYPE = 65535;

const OPERATIONAL_STATES: Readonly<Record<Link['operState'], NethelpersOperationalState>> = {
  unknown: NethelpersOperationalState.OPER_STATE_UNKNOWN,
  notpresent: NethelpersOperationalState.OPER_STATE_NOT_PRESENT,
  down: NethelpersOperationalState.OPER_STATE_DOWN,
  lowerlayerdown: NethelpersOperationalState.OPER_STATE_LOWER_LAYER_DOWN,
  testing: NethelpersOperationalState.OPER_STATE_TESTING,
  dormant: NethelpersOperationalState.OPER_STATE_DORMANT,
  up: NethelpersOperationalState.OPER_STATE_UP,
};

/** LinkStatus of each link by its name. What only ethtool and sysfs know (speed, driver, …) is left unknown. */
export function linkStatuses(links: readonly Link[]): ReadonlyMap<string, LinkStatusSpec> {
  return new Map(links.map((link) => [link.name, linkStatus(link, links)]));
}

function linkStatus(link: Link, links: readonly Link[]): LinkStatusSpec {
  const peer =
    link.kind === 'veth' ? links.find((other) => other.index === link.linkIndex && other.linkIndex === link.index) : undefined;
  return LinkStatusSpec.fromPartial({
    index: link.index,
    type: typeNumber(link.type),
    linkIndex: link.linkIndex,
    flags: link.flags,
    hardwareAddr: hardwareBytes(link.hardwareAddress),
    broadcastAddr: hardwareBytes(link.broadcastAddress),
    permanentAddr: hardwareBytes(link.permanentAddress),
    mtu: link.mtu,
    queueDisc: link.queueDiscipline,
    masterIndex: link.masterIndex,
    operationalState: OPERATIONAL_STATES[link.operState],
    kind: link.kind,
    slaveKind: link.slaveKind,
    linkState: (link.flags & IFF_LOWER_UP) !== 0,
    port: NethelpersPort.OTHER,
    duplex: NethelpersDuplex.UNKNOWN,
    alias: link.alias,
    altNames: [...link.altNames],
    ...(peer === undefined ? {} : { veth: { peerName: peer.name } }),
  });
}

function typeNumber(type: string): LinkStatusSpec['type'] {
  const number = LINK_TYPES[type] ?? Number(type.replace(/^arphrd-/, ''));
  // The enumeration names numbers of the kernel; one without a name is as good on the wire.
  return (Number.isInteger(number) ? number : VOID_TYPE) as LinkStatusSpec['type'];
}

function hardwareBytes(text: string): Buffer {
  return Buffer.from(text.replaceAll(':', ''), 'hex');
}
