const MAPPED = '::ffff:';

/** The address of a client for logs and limits: IPv4 that came in by a socket of IPv6 as IPv4; '' when it is gone already. */
export function peerName(remoteAddress: string | undefined): string {
  if (remoteAddress === undefined) return '';
  return remoteAddress.startsWith(MAPPED) && remoteAddress.includes('.') ? remoteAddress.slice(MAPPED.length) : remoteAddress;
}
