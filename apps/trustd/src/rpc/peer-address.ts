import { isIP } from 'node:net';

const MAPPED = '::ffff:';

/** The IP address in `address:port` or `[address]:port`; IPv4 in IPv6 as IPv4. Undefined when there is none. */
export function peerAddress(peer: string): string | undefined {
  const text = peer.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  const plain = text.toLowerCase().startsWith(MAPPED) && text.includes('.') ? text.slice(MAPPED.length) : text;
  return isIP(plain) === 0 ? undefined : plain;
}
