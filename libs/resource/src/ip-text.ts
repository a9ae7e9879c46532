import { isIPv4, isIPv6 } from 'node:net';
import type { NetIP, NetIPPrefix } from '@minos/api/common';
import { Fault } from '@minos/base';

/** The canonical text of an address of 4 or 16 bytes (RFC 5952), with the zone that may follow the 16; empty for no address. */
export function formatNetIp(address: NetIP | undefined): string {
  return address === undefined ? '' : formatBytes(address.ip);
}

/** `10.5.0.2/24`; empty for no prefix. */
export function formatNetIpPrefix(prefix: NetIPPrefix | undefined): string {
  if (prefix === undefined || prefix.ip.length === 0) return '';
  return `${formatBytes(prefix.ip)}/${prefix.prefixLength}`;
}

/** The message for an address as text; throws a Fault `invalid` when it is none. */
export function netIp(text: string): NetIP {
  return { ip: bytesOf(text) };
}

/** The message for a prefix such as `fd00::1/64`; throws a Fault `invalid` when it is none. */
export function netIpPrefix(text: string): NetIPPrefix {
  const [address = '', bits = ''] = text.split('/');
  const ip = bytesOf(address);
  const prefixLength = /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  if (prefixLength < 0 || prefixLength > ip.length * 8) throw new Fault('invalid', `${text} is not an address prefix`);
  return { ip, prefixLength };
}

function bytesOf(text: string): Buffer {
  if (isIPv4(text)) return Buffer.from(text.split('.').map(Number));
  if (isIPv6(text)) return bytesOf6(text);
  throw new Fault('invalid', `${text} is not an IP address`);
}

function bytesOf6(text: string): Buffer {
  const [address = '', zone] = text.split('%');
  const [head = '', tail] = address.split('::');
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const bytes = [...before, ...new Array<number>(16 - before.length - after.length).fill(0), ...after];
  return Buffer.concat([Buffer.from(bytes), Buffer.from(zone ?? '')]);
}

function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

function formatBytes(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length < 16) return '';
  const zone = bytes.length > 16 ? `%${bytes.toString('utf8', 16)}` : '';
  if (bytes.readBigUInt64BE(0) === 0n && bytes.readUInt32BE(8) === 0xffff)
    return `::ffff:${bytes.subarray(12, 16).join('.')}${zone}`;
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2));
  const { from, length } = longestZeroRun(groups);
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (length < 2) return `${hex(groups)}${zone}`;
  return `${hex(groups.slice(0, from))}::${hex(groups.slice(from + length))}${zone}`;
}

function longestZeroRun(groups: readonly number[]): { from: number; length: number } {
  let best = { from: 0, length: 0 };
  for (let from = 0; from < groups.length; from++) {
    let length = 0;
    while (groups[from + length] === 0) length++;
    if (length > best.length) best = { from, length };
  }
  return best;
}
