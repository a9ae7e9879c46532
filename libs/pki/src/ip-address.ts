import { isIP } from 'node:net';
import { Fault } from '@minos/base';

/** The 4 or 16 bytes of an address in text form; throws a Fault `invalid` for anything else. */
export function ipBytes(address: string): Buffer {
  const family = isIP(address);
  if (family === 4) return Buffer.from(address.split('.').map(Number));
  if (family === 6 && !address.includes('%')) return ipv6Bytes(address);
  throw new Fault('invalid', 'not an IP address', { address });
}

function ipv6Bytes(address: string): Buffer {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex = (high: string | undefined, low: string | undefined): string => (Number(high) * 256 + Number(low)).toString(16);
  const plain = dotted === null ? address : `${dotted[1]}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}`;
  const [head = '', tail] = plain.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const all = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
  const out = Buffer.alloc(16);
  all.forEach((group, i) => {
    out.writeUInt16BE(Number.parseInt(group, 16), i * 2);
  });
  return out;
}

/** The usual text form of the 4 or 16 bytes of an address (RFC 5952); undefined for another length. */
export function ipText(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return undefined;
  const view = Buffer.from(bytes);
  const groups = Array.from({ length: 8 }, (_, i) => view.readUInt16BE(i * 2).toString(16));
  const full = groups.join(':');
  const run = [...full.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].reduce<RegExpMatchArray | undefined>(
    (best, m) => (best === undefined || m[0].split('0').length > best[0].split('0').length ? m : best),
    undefined,
  );
  if (run?.index === undefined) return full;
  const before = full.slice(0, run.index);
  const after = full.slice(run.index + run[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}
