import type { CheckedDocument } from '../checked-document.ts';
import { LEGACY_KIND, LINK_KINDS } from '../shape/document-kinds.ts';
import { listAt, textAt, textsAt, valueAt } from '../yaml-value.ts';
import type { LinkConfig, NameServer, NetworkConfig, StaticHost } from './network-config.ts';
import { checkHostname, checkIp } from './network-rules.ts';
import { readLegacyLinks } from './read-legacy-links.ts';
import { readLinkDocument } from './read-link-document.ts';

/** What the documents say about the network; what makes no sense becomes issues of the document that says it. */
export function readNetwork(checked: readonly CheckedDocument[]): NetworkConfig {
  const legacy = checked.find((c) => c.document.kind === LEGACY_KIND);
  const resolver = checked.find((c) => c.document.kind === 'ResolverConfig');
  const domains = valueAt(resolver?.document.value, 'searchDomains', 'domains');
  const oldDomains = textsAt(legacy?.document.value, 'machine', 'network', 'searchDomains');
  return {
    ...readHostname(checked, legacy),
    links: readLinks(checked, legacy),
    nameServers: [...readNameServers(resolver), ...readLegacyNameServers(legacy)],
    searchDomains: [...textsAt(resolver?.document.value, 'searchDomains', 'domains'), ...oldDomains],
    areSearchDomainsOverridden: domains !== undefined || oldDomains.length > 0,
    staticHosts: readHosts(checked, legacy),
  };
}

function readLinks(checked: readonly CheckedDocument[], legacy: CheckedDocument | undefined): readonly LinkConfig[] {
  const owners = new Map<string, string>();
  const links: LinkConfig[] = [];
  if (legacy !== undefined) for (const link of readLegacyLinks(legacy)) links.push(link);
  for (const entry of checked) {
    const { kind, name, value } = entry.document;
    if (!LINK_KINDS.has(kind)) continue;
    const peer = kind === 'VethConfig' ? textAt(value, 'peer', 'name') : undefined;
    for (const claimed of peer === undefined ? [name] : [name, peer]) {
      if (owners.has(claimed)) entry.issues.push({ at: ['name'], expected: `a name that no ${owners.get(claimed)} has` });
      owners.set(claimed, kind);
    }
    const link = readLinkDocument(entry);
    if (link !== undefined) links.push(link);
  }
  return links;
}

function readHostname(
  checked: readonly CheckedDocument[],
  legacy: CheckedDocument | undefined,
): Pick<NetworkConfig, 'hostname' | 'isHostnameAutomatic'> {
  const own = checked.find((c) => c.document.kind === 'HostnameConfig');
  const old = textAt(legacy?.document.value, 'machine', 'network', 'hostname');
  if (legacy !== undefined && old !== undefined) checkHostname(old, ['machine', 'network', 'hostname'], legacy.issues);
  if (own === undefined) {
    const isStable = valueAt(legacy?.document.value, 'machine', 'features', 'stableHostname') === true;
    return { hostname: old, isHostnameAutomatic: old === undefined && isStable };
  }
  const hostname = textAt(own.document.value, 'hostname');
  const auto = textAt(own.document.value, 'auto');
  if (hostname !== undefined) checkHostname(hostname, ['hostname'], own.issues);
  if (hostname !== undefined && auto === 'stable') own.issues.push({ at: ['auto'], expected: 'off where there is a hostname' });
  if (hostname === undefined && auto === undefined)
    own.issues.push({ at: ['hostname'], expected: 'a host name, or auto: stable' });
  if (old !== undefined) own.issues.push({ at: [], expected: 'a host name in one place; machine.network.hostname has one too' });
  return { hostname, isHostnameAutomatic: hostname === undefined && auto === 'stable' };
}

function readNameServers(resolver: CheckedDocument | undefined): readonly NameServer[] {
  return listAt(resolver?.document.value, 'nameservers').map((entry, i): NameServer => {
    const text = textAt(entry, 'protocol');
    const protocol = text === 'DoT' || text === 'DoH' ? text : 'Do53';
    const tlsServerName = textAt(entry, 'tlsServerName') ?? '';
    const at = ['nameservers', i, 'tlsServerName'];
    if (protocol !== 'Do53' && tlsServerName === '')
      resolver?.issues.push({ at, expected: `the server's name: ${protocol} needs it` });
    if (protocol === 'Do53' && tlsServerName !== '')
      resolver?.issues.push({ at, expected: 'no such key: Do53 has no use for it' });
    return { address: textAt(entry, 'address') ?? '', protocol, tlsServerName };
  });
}

function readLegacyNameServers(legacy: CheckedDocument | undefined): readonly NameServer[] {
  return textsAt(legacy?.document.value, 'machine', 'network', 'nameservers').map((address, i) => {
    checkIp(address, ['machine', 'network', 'nameservers', i], legacy?.issues ?? []);
    return { address, protocol: 'Do53', tlsServerName: '' };
  });
}

function readHosts(checked: readonly CheckedDocument[], legacy: CheckedDocument | undefined): readonly StaticHost[] {
  const old = listAt(legacy?.document.value, 'machine', 'network', 'extraHostEntries').map((entry, i) => {
    const address = textAt(entry, 'ip') ?? '';
    checkIp(address, ['machine', 'network', 'extraHostEntries', i, 'ip'], legacy?.issues ?? []);
    return { address, names: textsAt(entry, 'aliases') };
  });
  const own = checked
    .filter((c) => c.document.kind === 'StaticHostConfig')
    .map(({ document, issues }) => {
      checkIp(document.name, ['name'], issues);
      return { address: document.name, names: textsAt(document.value, 'hostnames') };
    });
  return [...old, ...own];
}
