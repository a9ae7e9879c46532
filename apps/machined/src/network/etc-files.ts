import type { HostnameStatusSpec, ResolverStatusSpec } from '@minos/api/resource-specs';
import type { StaticHost } from '@minos/config';
import { formatNetIp } from '@minos/resource';

/** What the files under /etc are made of. */
export interface EtcInput {
  readonly hostname: HostnameStatusSpec | undefined;
  readonly resolvers: ResolverStatusSpec | undefined;
  /** The node's first address, as text; empty when it has none. */
  readonly address: string;
  readonly staticHosts: readonly StaticHost[];
}

/** glibc reads no more than this (resolv.conf(5)). */
const MAX_NAME_SERVERS = 3;

/** The text of /etc/hosts; pure. */
export function hostsText(input: EtcInput): string {
  const names = hostNames(input.hostname);
  const lines = [
    ['127.0.0.1', 'localhost'],
    ...(names.length === 0 ? [] : [[input.address === '' ? '127.0.1.1' : input.address, ...names]]),
    ['::1', 'localhost', 'ip6-localhost', 'ip6-loopback'],
    ['ff02::1', 'ip6-allnodes'],
    ['ff02::2', 'ip6-allrouters'],
    ...input.staticHosts.map(({ address, names: others }) => [address, ...others]),
  ];
  return `${lines.map(([address, ...rest]) => `${(address ?? '').padEnd(16)}${rest.join(' ')}`).join('\n')}\n`;
}

/** The text of /etc/resolv.conf; pure. */
export function resolvConfText({ resolvers }: EtcInput): string {
  const servers = (resolvers?.dnsServers ?? []).slice(0, MAX_NAME_SERVERS).map((server) => `nameserver ${formatNetIp(server)}`);
  const domains = resolvers?.searchDomains ?? [];
  const search = domains.length === 0 ? [] : [`search ${domains.join(' ')}`];
  return [...servers, ...search, ''].join('\n');
}

/** The text of /etc/hostname; pure. */
export function hostnameText({ hostname }: EtcInput): string {
  return `${hostname?.hostname ?? 'localhost'}\n`;
}

function hostNames(status: HostnameStatusSpec | undefined): string[] {
  if (status === undefined || status.hostname === '') return [];
  return status.domainname === '' ? [status.hostname] : [`${status.hostname}.${status.domainname}`, status.hostname];
}
