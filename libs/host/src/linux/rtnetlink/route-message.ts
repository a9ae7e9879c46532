import { formatIp, formatIpPrefix } from '@minos/base';
import type { Family, Route, RouteChange } from '../../port/rtnetlink.ts';
import { requireIp, requirePrefix } from '../../rtnetlink/address-prefix.ts';
import { OWN_PROTOCOL } from '../../rtnetlink/rtnetlink-constants.ts';
import { ADDRESS_FAMILY, familyFromNumber } from './address-family.ts';
import { attribute, attributeNest, attributeU32, parseAttributes, readU32 } from './attributes.ts';

/** struct rtmsg and struct rtnexthop, linux/rtnetlink.h. */
const HEADER_BYTES = 12;
const HOP_HEADER_BYTES = 8;
const RTA = { DST: 1, OIF: 4, GATEWAY: 5, PRIORITY: 6, PREFSRC: 7, METRICS: 8, MULTIPATH: 9, TABLE: 15, VIA: 18 } as const;
const RTAX_MTU = 2;
/** RTM_F_CLONED: an entry of the cache, not of a table. */
const CLONED = 0x200;

/** The request that lists the routes of one family, in all tables. */
export function listRoutesRequest(family: Family): Buffer[] {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(ADDRESS_FAMILY[family], 0);
  return [header];
}

/** Reads the payload of RTM_NEWROUTE; undefined for a cache entry or another family. Of several next hops the first is told. */
export function parseRoute(data: Buffer, names: ReadonlyMap<number, string>): Route | undefined {
  const family = familyFromNumber(data.readUInt8(0));
  const flags = data.readUInt32LE(8);
  if (family === undefined || (flags & CLONED) !== 0) return undefined;
  const attributes = parseAttributes(data.subarray(HEADER_BYTES));
  const metrics = parseAttributes(attributes.get(RTA.METRICS) ?? Buffer.alloc(0));
  const hop = firstHop(attributes);
  const length = data.readUInt8(1);
  return {
    family,
    destination: length === 0 ? '' : formatIpPrefix(attributes.get(RTA.DST) ?? Buffer.alloc(family === 'inet4' ? 4 : 16), length),
    gateway: hop.gateway,
    source: formatIp(attributes.get(RTA.PREFSRC) ?? Buffer.alloc(0)),
    outLinkIndex: hop.linkIndex,
    outLinkName: names.get(hop.linkIndex) ?? '',
    table: readU32(attributes.get(RTA.TABLE), data.readUInt8(4)),
    priority: readU32(attributes.get(RTA.PRIORITY)),
    scope: data.readUInt8(6),
    type: data.readUInt8(7),
    flags,
    protocol: data.readUInt8(5),
    mtu: readU32(metrics.get(RTAX_MTU)),
  };
}

/** The payload of RTM_NEWROUTE and RTM_DELROUTE with our protocol number. */
export function routeMessage(change: RouteChange): Buffer[] {
  const destination = change.destination === '' ? undefined : requirePrefix(change.destination);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(ADDRESS_FAMILY[change.family], 0);
  header.writeUInt8(destination?.length ?? 0, 1);
  header.writeUInt8(change.table < 256 ? change.table : 0, 4);
  header.writeUInt8(OWN_PROTOCOL, 5);
  header.writeUInt8(change.scope, 6);
  header.writeUInt8(change.type, 7);
  const message = [header, attributeU32(RTA.TABLE, change.table)];
  if (destination !== undefined) message.push(attribute(RTA.DST, destination.ip));
  if (change.gateway !== '') message.push(gatewayAttribute(change.family, requireIp(change.gateway)));
  if (change.source !== '') message.push(attribute(RTA.PREFSRC, requireIp(change.source)));
  if (change.outLinkIndex !== 0) message.push(attributeU32(RTA.OIF, change.outLinkIndex));
  if (change.priority !== 0) message.push(attributeU32(RTA.PRIORITY, change.priority));
  if (change.mtu !== 0) message.push(attributeNest(RTA.METRICS, [attributeU32(RTAX_MTU, change.mtu)]));
  return message;
}

function gatewayAttribute(family: Family, gateway: Buffer): Buffer {
  const gatewayFamily: Family = gateway.length === 4 ? 'inet4' : 'inet6';
  if (gatewayFamily === family) return attribute(RTA.GATEWAY, gateway);
  return attribute(RTA.VIA, Buffer.concat([Buffer.of(ADDRESS_FAMILY[gatewayFamily], 0), gateway]));
}

function firstHop(attributes: ReadonlyMap<number, Buffer>): { gateway: string; linkIndex: number } {
  const hops = attributes.get(RTA.MULTIPATH);
  if (hops === undefined || hops.length < HOP_HEADER_BYTES)
    return { gateway: gatewayText(attributes), linkIndex: readU32(attributes.get(RTA.OIF)) };
  const inner = parseAttributes(hops.subarray(HOP_HEADER_BYTES, hops.readUInt16LE(0)));
  return { gateway: gatewayText(inner), linkIndex: hops.readInt32LE(4) };
}

function gatewayText(attributes: ReadonlyMap<number, Buffer>): string {
  const via = attributes.get(RTA.VIA)?.subarray(2);
  return formatIp(attributes.get(RTA.GATEWAY) ?? via ?? Buffer.alloc(0));
}
