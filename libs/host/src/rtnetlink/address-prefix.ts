import { Fault, type IpPrefix, maskIp, parseIp, parseIpPrefix } from '@minos/base';
import type { Family } from '../port/rtnetlink.ts';

/** Reads a prefix that a caller of the port gave; throws `invalid` when it is none. */
export function requirePrefix(text: string): IpPrefix {
  const prefix = parseIpPrefix(text);
  if (prefix === undefined) throw new Fault('invalid', 'not an address with a prefix length', { address: text });
  return prefix;
}

/** Reads an address that a caller of the port gave; throws `invalid` when it is none. */
export function requireIp(text: string): Buffer {
  const ip = parseIp(text);
  if (ip === undefined) throw new Fault('invalid', 'not an address', { address: text });
  return ip;
}

/** The family of an address in bytes. */
export function familyOf(ip: Uint8Array): Family {
  return ip.length === 4 ? 'inet4' : 'inet6';
}

/** The IPv4 broadcast address of a prefix; undefined for IPv6, /31 and /32. */
export function broadcastOf(prefix: IpPrefix): Buffer | undefined {
  if (prefix.ip.length !== 4 || prefix.length > 30) return undefined;
  const hostBits = maskIp(Buffer.alloc(4, 0xff), prefix.length);
  return Buffer.from(prefix.ip.map((byte, i) => byte | (~(hostBits[i] ?? 0) & 0xff)));
}
