import { formatIp } from '@minos/base';
import type { PcapPacket } from './pcap-reader.ts';

const LINKTYPE_RAW = 101;
const ETHERTYPE = { ip: 0x0800, arp: 0x0806, vlan: 0x8100, ip6: 0x86dd } as const;
const ETHERNET_BYTES = 14;
const PROTOCOL_NAMES: Readonly<Record<number, string>> = { 1: 'ICMP', 2: 'IGMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6', 132: 'SCTP' };
const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 132]);
const TCP = 6;
/** From the lowest bit on. */
const TCP_FLAGS = ['F', 'S', 'R', 'P', '.', 'U'];

/** A packet as one line: when, from where to where, what, how long. What is cut off or unknown is told by its number. Pure; never throws. */
export function packetText(packet: PcapPacket, linkType: number): string {
  const time = new Date(packet.atMs).toISOString().slice(11, 23);
  const body = linkType === LINKTYPE_RAW ? ipText(packet.bytes) : ethernetText(packet.bytes);
  return `${time} ${body}, length ${packet.wireBytes}`;
}

function ethernetText(bytes: Buffer): string {
  if (bytes.length < ETHERNET_BYTES) return 'cut off';
  const type = bytes.readUInt16BE(12);
  if (type === ETHERTYPE.vlan && bytes.length >= ETHERNET_BYTES + 4) {
    return `vlan ${bytes.readUInt16BE(14) & 0xfff} ${bodyText(bytes.readUInt16BE(16), bytes.subarray(ETHERNET_BYTES + 4))}`;
  }
  return bodyText(type, bytes.subarray(ETHERNET_BYTES));
}

function bodyText(type: number, body: Buffer): string {
  if (type === ETHERTYPE.ip || type === ETHERTYPE.ip6) return ipText(body);
  if (type === ETHERTYPE.arp) return arpText(body);
  return `ethertype 0x${type.toString(16).padStart(4, '0')}`;
}

function arpText(body: Buffer): string {
  if (body.length < 28) return 'ARP cut off';
  const [sender, target] = [formatIp(body.subarray(14, 18)), formatIp(body.subarray(24, 28))];
  return body.readUInt16BE(6) === 1 ? `ARP who has ${target}? tell ${sender}` : `ARP ${sender} is here`;
}

function ipText(bytes: Buffer): string {
  const version = (bytes[0] ?? 0) >> 4;
  if (version === 4 && bytes.length >= 20) {
    const header = ((bytes[0] ?? 0) & 0xf) * 4;
    const isFragment = (bytes.readUInt16BE(6) & 0x1fff) !== 0;
    const addresses = [formatIp(bytes.subarray(12, 16)), formatIp(bytes.subarray(16, 20))] as const;
    return transportText(bytes[9] ?? 0, addresses, isFragment ? Buffer.alloc(0) : bytes.subarray(header));
  }
  if (version === 6 && bytes.length >= 40) {
    const addresses = [formatIp(bytes.subarray(8, 24)), formatIp(bytes.subarray(24, 40))] as const;
    return transportText(bytes[6] ?? 0, addresses, bytes.subarray(40));
  }
  return 'no IP packet, or cut off';
}

function transportText(protocol: number, [from, to]: readonly [string, string], body: Buffer): string {
  const name = PROTOCOL_NAMES[protocol] ?? `protocol ${protocol}`;
  if (!WITH_PORTS.has(protocol) || body.length < 4) return `${from} > ${to}: ${name}`;
  const ends = `${from}.${body.readUInt16BE(0)} > ${to}.${body.readUInt16BE(2)}: ${name}`;
  return protocol === TCP && body.length >= 14 ? `${ends} [${flagsText(body[13] ?? 0)}]` : ends;
}

function flagsText(flags: number): string {
  return TCP_FLAGS.filter((_name, bit) => (flags & (1 << bit)) !== 0).join('');
}
