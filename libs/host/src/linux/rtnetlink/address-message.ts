import { formatIp, formatIpPrefix } from '@minos/base';
import type { AddressChange, LinkAddress } from '../../port/rtnetlink.ts';
import { broadcastOf, familyOf, requirePrefix } from '../../rtnetlink/address-prefix.ts';
import { OWN_PROTOCOL } from '../../rtnetlink/rtnetlink-constants.ts';
import { ADDRESS_FAMILY, familyFromNumber } from './address-family.ts';
import { attribute, attributeU8, attributeU32, parseAttributes, readU8, readU32 } from './attributes.ts';

/** struct ifaddrmsg, linux/if_addr.h. */
const HEADER_BYTES = 8;
const IFA = { ADDRESS: 1, LOCAL: 2, BROADCAST: 4, FLAGS: 8, RT_PRIORITY: 9, PROTO: 11 } as const;

/** The request that lists all addresses. */
export function listAddressesRequest(): Buffer[] {
  return [Buffer.alloc(HEADER_BYTES)];
}

/** Reads the payload of RTM_NEWADDR; undefined for another family than IPv4 and IPv6. */
export function parseAddress(data: Buffer, names: ReadonlyMap<number, string>): LinkAddress | undefined {
  const family = familyFromNumber(data.readUInt8(0));
  if (family === undefined) return undefined;
  const attributes = parseAttributes(data.subarray(HEADER_BYTES));
  const local = attributes.get(IFA.LOCAL);
  const own = local ?? attributes.get(IFA.ADDRESS) ?? Buffer.alloc(0);
  const linkIndex = data.readUInt32LE(4);
  return {
    family,
    address: formatIpPrefix(own, data.readUInt8(1)),
    local: formatIp(local ?? Buffer.alloc(0)),
    broadcast: formatIp(attributes.get(IFA.BROADCAST) ?? Buffer.alloc(0)),
    linkIndex,
    linkName: names.get(linkIndex) ?? '',
    scope: data.readUInt8(3),
    flags: readU32(attributes.get(IFA.FLAGS), data.readUInt8(2)),
    protocol: readU8(attributes.get(IFA.PROTO)),
    priority: readU32(attributes.get(IFA.RT_PRIORITY)),
  };
}

/** The payload of RTM_NEWADDR that adds an address with our mark. */
export function addAddressMessage(change: AddressChange): Buffer[] {
  const prefix = requirePrefix(change.address);
  const message = identity(change.linkIndex, change.address, change.scope);
  const broadcast = broadcastOf(prefix);
  if (broadcast !== undefined) message.push(attribute(IFA.BROADCAST, broadcast));
  if (change.flags !== 0) message.push(attributeU32(IFA.FLAGS, change.flags));
  if (change.priority !== 0) message.push(attributeU32(IFA.RT_PRIORITY, change.priority));
  message.push(attributeU8(IFA.PROTO, OWN_PROTOCOL));
  return message;
}

/** The payload of RTM_DELADDR. */
export function deleteAddressMessage(linkIndex: number, address: string): Buffer[] {
  return identity(linkIndex, address, 0);
}

function identity(linkIndex: number, address: string, scope: number): Buffer[] {
  const { ip, length } = requirePrefix(address);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(ADDRESS_FAMILY[familyOf(ip)], 0);
  header.writeUInt8(length, 1);
  header.writeUInt8(scope, 3);
  header.writeUInt32LE(linkIndex, 4);
  return [header, attribute(IFA.LOCAL, ip), attribute(IFA.ADDRESS, ip)];
}
