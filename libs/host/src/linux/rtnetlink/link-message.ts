import type { Link } from '../../port/rtnetlink.ts';
import { IFF } from '../../rtnetlink/rtnetlink-constants.ts';
import {
  attribute,
  attributeNest,
  attributeText,
  attributeU32,
  listAttributes,
  parseAttributes,
  readText,
  readU8,
  readU32,
} from './attributes.ts';

/** struct ifinfomsg, linux/rtnetlink.h. */
const HEADER_BYTES = 16;
const IFLA = {
  ADDRESS: 1,
  BROADCAST: 2,
  IFNAME: 3,
  MTU: 4,
  LINK: 5,
  QDISC: 6,
  MASTER: 10,
  OPERSTATE: 16,
  LINKINFO: 18,
  IFALIAS: 20,
  EXT_MASK: 29,
  PROP_LIST: 52,
  ALT_IFNAME: 53,
  PERM_ADDRESS: 54,
} as const;
const INFO = { KIND: 1, DATA: 2, SLAVE_KIND: 4 } as const;
const VETH_INFO_PEER = 1;
/** NLA_F_NESTED: asked for by the strict parser of property lists. */
const NESTED = 0x8000;
const RTEXT_FILTER_SKIP_STATS = 8;

const HARDWARE_TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'ether'],
  [32, 'infiniband'],
  [280, 'can'],
  [512, 'ppp'],
  [768, 'tunnel'],
  [769, 'tunnel6'],
  [772, 'loopback'],
  [776, 'sit'],
  [778, 'ipgre'],
  [823, 'ip6gre'],
  [65534, 'none'],
]);
/** RFC 2863 states, linux/if.h. */
const OPER_STATES: readonly Link['operState'][] = ['unknown', 'notpresent', 'down', 'lowerlayerdown', 'testing', 'dormant', 'up'];

/** The request that lists all links, without their counters. */
export function listLinksRequest(): Buffer[] {
  return [header(0, 0, 0), attributeU32(IFLA.EXT_MASK, RTEXT_FILTER_SKIP_STATS)];
}

/** Reads the payload of RTM_NEWLINK. */
export function parseLink(data: Buffer): Link {
  const attributes = parseAttributes(data.subarray(HEADER_BYTES));
  const info = parseAttributes(attributes.get(IFLA.LINKINFO) ?? Buffer.alloc(0));
  const names = listAttributes(attributes.get(IFLA.PROP_LIST) ?? Buffer.alloc(0));
  const hardwareType = data.readUInt16LE(2);
  return {
    index: data.readInt32LE(4),
    name: readText(attributes.get(IFLA.IFNAME)),
    altNames: names.filter(([type]) => type === IFLA.ALT_IFNAME).map(([, payload]) => readText(payload)),
    type: HARDWARE_TYPES.get(hardwareType) ?? `arphrd-${hardwareType}`,
    kind: readText(info.get(INFO.KIND)),
    slaveKind: readText(info.get(INFO.SLAVE_KIND)),
    alias: readText(attributes.get(IFLA.IFALIAS)),
    flags: data.readUInt32LE(8),
    mtu: readU32(attributes.get(IFLA.MTU)),
    operState: OPER_STATES[readU8(attributes.get(IFLA.OPERSTATE))] ?? 'unknown',
    hardwareAddress: hardwareText(attributes.get(IFLA.ADDRESS)),
    permanentAddress: hardwareText(attributes.get(IFLA.PERM_ADDRESS)),
    broadcastAddress: hardwareText(attributes.get(IFLA.BROADCAST)),
    queueDiscipline: readText(attributes.get(IFLA.QDISC)),
    masterIndex: readU32(attributes.get(IFLA.MASTER)),
    linkIndex: readU32(attributes.get(IFLA.LINK)),
  };
}

/** The payload of RTM_NEWLINK that changes a link. */
export function changeLinkMessage(
  index: number,
  change: { readonly up?: boolean; readonly mtu?: number; readonly name?: string },
): Buffer[] {
  const message = [header(index, change.up === true ? IFF.UP : 0, change.up === undefined ? 0 : IFF.UP)];
  if (change.mtu !== undefined) message.push(attributeU32(IFLA.MTU, change.mtu));
  if (change.name !== undefined) message.push(attributeText(IFLA.IFNAME, change.name));
  return message;
}

/** The payload of RTM_NEWLINKPROP that gives a link one more name. */
export function addAltNameMessage(index: number, altName: string): Buffer[] {
  return [header(index, 0, 0), attributeNest(IFLA.PROP_LIST | NESTED, [attributeText(IFLA.ALT_IFNAME, altName)])];
}

/** The payload of RTM_NEWLINK that makes a link. */
export function createLinkMessage(link: { readonly name: string; readonly kind: string; readonly peerName?: string }): Buffer[] {
  const info = [attribute(INFO.KIND, Buffer.from(link.kind))];
  if (link.peerName !== undefined) {
    const peer = attribute(VETH_INFO_PEER, Buffer.concat([header(0, 0, 0), attributeText(IFLA.IFNAME, link.peerName)]));
    info.push(attributeNest(INFO.DATA, [peer]));
  }
  return [header(0, 0, 0), attributeText(IFLA.IFNAME, link.name), attributeNest(IFLA.LINKINFO, info)];
}

/** The payload of RTM_DELLINK. */
export function deleteLinkMessage(index: number): Buffer[] {
  return [header(index, 0, 0)];
}

function header(index: number, flags: number, change: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeInt32LE(index, 4);
  bytes.writeUInt32LE(flags, 8);
  bytes.writeUInt32LE(change, 12);
  return bytes;
}

function hardwareText(payload: Buffer | undefined): string {
  return payload === undefined ? '' : Array.from(payload, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}
