import { NethelpersLinkType, type NethelpersOperationalState, type RuntimeMachineStage } from '@minos/api/resource-specs';

/** The text of a number by a table; the number itself as text when the table does not have it. */
export function textOf(table: Readonly<Record<number, string>>, value: number): string {
  return table[value] ?? String(value);
}

/** The names of the bits that are set, in order, joined by commas. */
export function flagsText(names: readonly string[], flags: number): string {
  return names.filter((name, bit) => name !== '' && (flags & (1 << bit)) !== 0).join(',');
}

export const MACHINE_TYPE: Readonly<Record<number, string>> = { 0: 'unknown', 1: 'init', 2: 'controlplane', 3: 'worker' };

export const MACHINE_STAGE: Readonly<Record<RuntimeMachineStage, string>> = {
  0: 'unknown',
  1: 'booting',
  2: 'installing',
  3: 'maintenance',
  4: 'running',
  5: 'rebooting',
  6: 'shutting down',
  7: 'resetting',
  8: 'upgrading',
};

export const SELINUX_STATE: Readonly<Record<number, string>> = {
  0: 'disabled',
  1: 'enabled, permissive',
  2: 'enabled, enforcing',
};

export const FIPS_STATE: Readonly<Record<number, string>> = { 0: 'disabled', 1: 'enabled', 2: 'enabled, strict' };

export const FAMILY: Readonly<Record<number, string>> = { 0: '', 2: 'inet4', 10: 'inet6' };

export const SCOPE: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' };

export const ROUTING_TABLE: Readonly<Record<number, string>> = { 0: 'unspec', 253: 'default', 254: 'main', 255: 'local' };

export const ROUTE_TYPE: Readonly<Record<number, string>> = {
  0: 'unspec',
  1: 'unicast',
  2: 'local',
  3: 'broadcast',
  4: 'anycast',
  5: 'multicast',
  6: 'blackhole',
  7: 'unreachable',
  8: 'prohibit',
  9: 'throw',
  10: 'nat',
  11: 'xresolve',
};

export const ROUTE_PROTOCOL: Readonly<Record<number, string>> = {
  0: 'unspec',
  1: 'redirect',
  2: 'kernel',
  3: 'boot',
  4: 'static',
  9: 'ra',
  10: 'mrt',
  11: 'zebra',
  12: 'bird',
  13: 'dnrouted',
  14: 'xorp',
  15: 'ntk',
  16: 'dhcp',
  17: 'mrtd',
  18: 'keepalived',
  42: 'babel',
  99: 'openr',
  186: 'bgp',
  187: 'isis',
  188: 'ospf',
  189: 'rip',
  192: 'eigrp',
};

export const OPERATIONAL_STATE: Readonly<Record<NethelpersOperationalState, string>> = {
  0: 'unknown',
  1: 'notPresent',
  2: 'down',
  3: 'lowerLayerDown',
  4: 'testing',
  5: 'dormant',
  6: 'up',
};

export const CONFIG_LAYER: Readonly<Record<number, string>> = {
  0: 'default',
  1: 'cmdline',
  2: 'platform',
  3: 'operator',
  4: 'configuration',
};

export const SORT_ALGORITHM: Readonly<Record<number, string>> = { 0: 'v1', 1: 'v2' };

export const DNS_PROTOCOL: Readonly<Record<number, string>> = { 0: 'Do53', 1: 'DoT', 2: 'DoH' };

export const DUPLEX: Readonly<Record<number, string>> = { 0: 'Half', 1: 'Full', 255: 'Unknown' };

/** The text of fibre is empty in the compatible system. */
export const PORT: Readonly<Record<number, string>> = {
  0: 'TwistedPair',
  1: 'AUI',
  2: 'MII',
  3: '',
  4: 'BNC',
  5: 'DirectAttach',
  239: 'None',
  255: 'Other',
};

export const VLAN_PROTOCOL: Readonly<Record<number, string>> = { 0: '', 33024: '802.1q', 34984: '802.1ad' };

export const LINK_FLAGS = [
  'UP',
  'BROADCAST',
  'DEBUG',
  'LOOPBACK',
  'POINTTOPOINT',
  'NOTRAILERS',
  'RUNNING',
  'NOARP',
  'PROMISC',
  'ALLMULTI',
  'MASTER',
  'SLAVE',
  'MULTICAST',
  'PORTSEL',
  'AUTOMEDIA',
  'DYNAMIC',
  'LOWER_UP',
  'DORMANT',
  'ECHO',
] as const;

export const ADDRESS_FLAGS = [
  'temporary',
  'nodad',
  'optimistic',
  'dadfailed',
  'homeaddress',
  'deprecated',
  'tentative',
  'permanent',
  'mngmtmpaddr',
  'noprefixroute',
  'mcautojoin',
  'stableprivacy',
] as const;

const RTM_F_FIRST_BIT = 8;

/** RTM_F_* of linux/rtnetlink.h, which start at bit 8. */
export const ROUTE_FLAGS: readonly string[] = [
  ...new Array<string>(RTM_F_FIRST_BIT).fill(''),
  'notify',
  'cloned',
  'equalize',
  'prefix',
];

const LINK_TYPE_SPECIAL: Readonly<Record<number, string>> = { 772: 'loopback', 801: 'ieee802.11', 65534: 'nohdr' };

/** The kernel's name of an ARP hardware type. */
export function linkTypeText(value: number): string {
  const special = LINK_TYPE_SPECIAL[value];
  if (special !== undefined) return special;
  const name = Object.entries(NethelpersLinkType).find(([, number]) => number === value)?.[0];
  return name === undefined ? String(value) : name.replace('LINK_', '').toLowerCase();
}

/** `02:00:00:00:00:01`. */
export function hardwareAddressText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

export const VOLUME_PHASE: Readonly<Record<number, string>> = {
  0: 'waiting',
  1: 'failed',
  2: 'missing',
  3: 'located',
  4: 'provisioned',
  5: 'prepared',
  6: 'ready',
  7: 'closed',
};

export const VOLUME_TYPE: Readonly<Record<number, string>> = {
  0: 'partition',
  1: 'disk',
  2: 'tmpfs',
  3: 'directory',
  4: 'symlink',
  5: 'overlay',
  6: 'external',
};

/** `swapi` is how the compatible system writes it. */
export const FILESYSTEM_TYPE: Readonly<Record<number, string>> = {
  0: 'none',
  1: 'xfs',
  2: 'vfat',
  3: 'ext4',
  4: 'iso9660',
  5: 'swapi',
  6: 'virtiofs',
  7: 'btrfs',
};

export const ENCRYPTION_PROVIDER: Readonly<Record<number, string>> = { 0: 'none', 1: 'luks2' };
