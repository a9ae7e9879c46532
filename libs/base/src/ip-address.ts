/** The bytes of an address in text: 4 for IPv4, 16 for IPv6 (RFC 4291 §2.2); undefined when it is none. Zones are refused. */
export function parseIp(text: string): Buffer | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** Canonical text of 4 or 16 bytes: dotted, or as RFC 5952 says; empty for any other number of bytes. */
export function formatIp(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  return bytes.length === 16 ? formatIpv6(bytes) : '';
}

/** An address with the length of its network prefix. */
export interface IpPrefix {
  readonly ip: Buffer;
  readonly length: number;
}

/** An address in CIDR notation, host bits kept; undefined when it is none. */
export function parseIpPrefix(text: string): IpPrefix | undefined {
  const slash = text.lastIndexOf('/');
  const ip = slash < 0 ? undefined : parseIp(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (ip === undefined || !/^(0|[1-9]\d{0,2})$/.test(digits)) return undefined;
  const length = Number(digits);
  return length <= ip.length * 8 ? { ip, length } : undefined;
}

/** Canonical CIDR notation; empty when the bytes are no address. */
export function formatIpPrefix(ip: Uint8Array, length: number): string {
  const text = formatIp(ip);
  return text === '' ? '' : `${text}/${length}`;
}

/** The address with all bits after the prefix cleared. */
export function maskIp(ip: Uint8Array, length: number): Buffer {
  return Buffer.from(ip.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, length - i * 8)))));
}

function parseIpv4(text: string): Buffer | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return undefined;
  return Buffer.from(parts.map(Number));
}

function parseIpv6(text: string): Buffer | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? groups(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const bytes = Buffer.alloc(16);
  [...head, ...Array<number>(missing).fill(0), ...tail].forEach((group, i) => {
    bytes.writeUInt16BE(group, i * 2);
  });
  return bytes;
}

function groups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return [];
  const found: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      found.push(Number.parseInt(part, 16));
      continue;
    }
    const dotted = mayEndInIpv4 && i === parts.length - 1 ? parseIpv4(part) : undefined;
    if (dotted === undefined) return undefined;
    found.push(dotted.readUInt16BE(0), dotted.readUInt16BE(2));
  }
  return found;
}

function formatIpv6(bytes: Uint8Array): string {
  const view = Buffer.from(bytes);
  const mapped = view.subarray(0, 10).every((byte) => byte === 0) && view.readUInt16BE(10) === 0xffff;
  if (mapped) return `::ffff:${view.subarray(12).join('.')}`;
  const words = Array.from({ length: 8 }, (_, i) => view.readUInt16BE(i * 2));
  const run = longestZeroRun(words);
  const hex = (part: readonly number[]): string => part.map((word) => word.toString(16)).join(':');
  if (run.length < 2) return hex(words);
  return `${hex(words.slice(0, run.start))}::${hex(words.slice(run.start + run.length))}`;
}

function longestZeroRun(words: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < words.length; start++) {
    let length = 0;
    while (words[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
