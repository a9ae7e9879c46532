import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { Fault, formatIp, maskIp, parseIp, parseIpPrefix } from '@minos/base';

/** What the command line says about a cluster. */
export interface ClusterFlags {
  readonly name: string;
  readonly subnet: string;
  readonly 'state-dir': string | undefined;
}

/** What a cluster on this machine is called, and where all that belongs to it is. */
export interface ClusterIdentity {
  readonly name: string;
  /** Holds everything of the cluster; removed by `down`. */
  readonly dir: string;
  /** The client configuration that knows the cluster. */
  readonly clientConfig: string;
  readonly bridge: string;
  /** What names of links start with; a number follows. */
  readonly vethPrefix: string;
  /** Below the root of cgroup v2; one directory a node in it. */
  readonly cgroup: string;
}

/** A network of which the host has the first address and the nodes the next. */
export interface ClusterSubnet {
  /** Canonical, such as `10.5.0.0/24`. */
  readonly cidr: string;
  readonly length: number;
  /** The address with this number in the subnet. */
  address(host: number): string;
}

/** The cluster that goes by `.minos/config`. */
export const DEFAULT_CLUSTER = 'minos';

/** Derives every name from the cluster's, so that leftovers are found without any record. Throws `invalid`. Pure. */
export function clusterIdentity(
  flags: Pick<ClusterFlags, 'name' | 'state-dir'>,
  base: { checkout: string; cwd: string },
): ClusterIdentity {
  const { name } = flags;
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name) || name.endsWith('-')) {
    throw new Fault(
      'invalid',
      `--name takes lower-case letters, digits and "-", at most 31, starting with a letter; not "${name}"`,
    );
  }
  const home = join(base.checkout, '.minos');
  const isDefault = name === DEFAULT_CLUSTER;
  const given = flags['state-dir'];
  const dir = given === undefined ? join(home, isDefault ? 'cluster' : `cluster-${name}`) : resolve(base.cwd, given);
  const short = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return {
    name,
    dir,
    clientConfig: given === undefined && isDefault ? join(home, 'config') : join(dir, 'config'),
    bridge: isDefault ? 'minosbr0' : `mbr-${short}`,
    vethPrefix: isDefault ? 'minos-' : `m${short}-`,
    cgroup: `minos-${name}`,
  };
}

/** Reads the subnet: private IPv4 with room for the nodes. Throws `invalid`. Pure. */
export function clusterSubnet(text: string, nodes: number): ClusterSubnet {
  const prefix = parseIpPrefix(text);
  if (prefix === undefined || prefix.ip.length !== 4 || prefix.length < 16 || prefix.length > 29) {
    throw new Fault('invalid', `--subnet takes an IPv4 network of 16 to 29 bits such as 10.5.0.0/24, not "${text}"`);
  }
  const network = Buffer.from(maskIp(prefix.ip, prefix.length));
  if (!isPrivate(network)) {
    throw new Fault('invalid', `--subnet takes a private network (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16), not "${text}"`);
  }
  const room = 2 ** (32 - prefix.length) - 3;
  if (nodes > room) throw new Fault('invalid', `${text} has room for ${room} nodes, not for ${nodes}; choose a larger --subnet`);
  const address = (host: number): string => {
    const bytes = Buffer.from(network);
    bytes.writeUInt32BE(network.readUInt32BE() + host);
    return formatIp(bytes);
  };
  return { cidr: `${formatIp(network)}/${prefix.length}`, length: prefix.length, address };
}

/** Whether an address is in a subnet; pure. */
export function isInSubnet(address: string, subnet: ClusterSubnet): boolean {
  const ip = parseIp(address);
  return ip !== undefined && ip.length === 4 && formatIp(maskIp(ip, subnet.length)) === subnet.cidr.split('/')[0];
}

function isPrivate(network: Buffer): boolean {
  const [a = 0, b = 0] = network;
  return a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);
}
