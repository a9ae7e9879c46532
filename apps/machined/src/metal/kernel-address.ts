import { isIPv4 } from 'node:net';
import type { NetworkConfig } from '@minos/config';

const DEFAULT_METRIC = 1024;
const MAIN_TABLE = 254;
const BITS = 32;

/**
 * The network that `ip=<client>:<server>:<gateway>:<netmask>:<hostname>:<device>:<autoconf>:<dns0>:<dns1>` asks for
 * (Documentation/admin-guide/nfs/nfsroot.rst), IPv4 only; undefined for one that names no address and device. Pure.
 */
export function kernelAddress(text: string): NetworkConfig | undefined {
  const [client = '', , gateway = '', mask = '', hostname = '', device = '', , dns0 = '', dns1 = ''] = text.split(':');
  const length = prefixLength(mask);
  if (!isIPv4(client) || device === '' || length === undefined) return undefined;
  const route = {
    family: 4,
    destination: undefined,
    gateway,
    source: undefined,
    metric: DEFAULT_METRIC,
    mtu: 0,
    table: MAIN_TABLE,
  } as const;
  return {
    hostname: hostname === '' ? undefined : hostname,
    isHostnameAutomatic: hostname === '',
    links: [
      {
        name: device,
        make: undefined,
        isUp: true,
        mtu: 0,
        hasMulticast: false,
        addresses: [{ prefix: `${client}/${length}`, priority: undefined }],
        routes: isIPv4(gateway) ? [route] : [],
      },
    ],
    nameServers: [dns0, dns1].filter(isIPv4).map((address) => ({ address, protocol: 'Do53', tlsServerName: '' })),
    searchDomains: [],
    areSearchDomainsOverridden: false,
    staticHosts: [],
  };
}

/** How many leading ones a netmask has; a whole host when there is none, undefined for what is no netmask. */
function prefixLength(mask: string): number | undefined {
  if (mask === '') return BITS;
  if (!isIPv4(mask)) return undefined;
  const bits = mask
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}
