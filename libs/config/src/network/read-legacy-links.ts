import { hash } from 'node:crypto';
import { isIP } from 'node:net';
import type { CheckedDocument } from '../checked-document.ts';
import type { Issue, Path } from '../issue.ts';
import { listAt, textAt, textsAt, valueAt, type YamlValue } from '../yaml-value.ts';
import type { LinkAddress, LinkConfig, LinkMake, LinkRoute } from './network-config.ts';
import { checkIp, checkLinkName, checkMtu, checkPrefix, checkUnique } from './network-rules.ts';
import { DEFAULT_METRIC, familyOf, MAIN_TABLE, numberAt } from './read-link-document.ts';

const ROOT: Path = ['machine', 'network', 'interfaces'];
/** Keys of an interface that are checked and kept, but that nothing in this version acts on. */
const WITHOUT_EFFECT = ['dhcp', 'bond', 'wireguard', 'vip', 'deviceSelector', 'dhcpOptions', 'bridgePort'];
const LONGEST_SUFFIX = 5;
const LONGEST_NAME = 15;
const EVERYTHING_V4 = '0.0.0.0/0';
const EVERYTHING_V6 = '::/0';

/** The links in `machine.network.interfaces`, with their VLANs as links of their own. */
export function readLegacyLinks({ document, issues, warnings }: CheckedDocument): readonly LinkConfig[] {
  const links = listAt(document.value, ...ROOT).flatMap((entry, i): readonly LinkConfig[] => {
    const at = [...ROOT, i];
    const name = textAt(entry, 'interface');
    const hasSelector = valueAt(entry, 'deviceSelector') !== undefined;
    if ((name === undefined) === !hasSelector) issues.push({ at, expected: 'exactly one of interface and deviceSelector' });
    if (name !== undefined) checkLinkName(name, [...at, 'interface'], issues);
    for (const key of WITHOUT_EFFECT) {
      const value = valueAt(entry, key);
      if (value !== undefined && value !== false)
        warnings.push({ at: [...at, key], expected: 'nothing: this has no effect in this version' });
    }
    checkCombinations(entry, at, issues);
    if (name === undefined || valueAt(entry, 'ignore') === true) return [];
    return [readLink(name, entry, at, issues), ...readVlans(name, entry, at, issues)];
  });
  checkUnique(
    links.map((link) => link.name),
    ROOT,
    issues,
  );
  return links;
}

function checkCombinations(entry: YamlValue, at: Path, issues: Issue[]): void {
  if (valueAt(entry, 'bond') !== undefined && valueAt(entry, 'bridge') !== undefined) {
    issues.push({ at, expected: 'one of bond and bridge' });
  }
  if (textAt(entry, 'cidr') !== undefined && listAt(entry, 'addresses').length > 0) {
    issues.push({ at: [...at, 'cidr'], expected: 'one of cidr and addresses' });
  }
  const vip = textAt(entry, 'vip', 'ip');
  if (vip !== undefined) checkIp(vip, [...at, 'vip', 'ip'], issues);
}

function readLink(name: string, entry: YamlValue, at: Path, issues: Issue[]): LinkConfig {
  return { name, make: makeOf(entry), ...readCommon(entry, at, issues) };
}

function makeOf(entry: YamlValue): LinkMake | undefined {
  if (valueAt(entry, 'dummy') === true) return { kind: 'dummy' };
  const bridge = valueAt(entry, 'bridge');
  if (bridge === undefined) return undefined;
  return {
    kind: 'bridge',
    members: textsAt(bridge, 'interfaces'),
    hasStp: valueAt(bridge, 'stp', 'enabled') === true,
    isVlanFiltering: valueAt(bridge, 'vlan', 'vlanFiltering') === true,
  };
}

function readVlans(parent: string, entry: YamlValue, at: Path, issues: Issue[]): readonly LinkConfig[] {
  return listAt(entry, 'vlans').map((vlan, i): LinkConfig => {
    const where = [...at, 'vlans', i];
    const vlanId = numberAt(vlan, 'vlanId', 0);
    if (vlanId < 1 || vlanId > 4094)
      issues.push({ at: [...where, 'vlanId'], expected: 'a number from 1 to 4094', found: String(vlanId) });
    const make: LinkMake = { kind: 'vlan', parent, vlanId, protocol: '802.1q' };
    return { name: vlanName(parent, vlanId), make, ...readCommon(vlan, where, issues) };
  });
}

/** The name that a VLAN of this format gets: cut and hashed where the plain one would be too long for the kernel. */
function vlanName(parent: string, vlanId: number): string {
  if (parent.length + LONGEST_SUFFIX <= LONGEST_NAME) return `${parent}.${vlanId}`;
  return `${parent.slice(0, 4)}${hash('sha256', parent, 'hex').slice(0, 6)}.${vlanId}`;
}

function readCommon(entry: YamlValue, at: Path, issues: Issue[]): Omit<LinkConfig, 'name' | 'make'> {
  const mtu = numberAt(entry, 'mtu', 0);
  checkMtu(mtu, [...at, 'mtu'], issues);
  return {
    isUp: true,
    mtu,
    hasMulticast: false,
    addresses: readAddresses(entry, at, issues),
    routes: readRoutes(entry, at, issues),
  };
}

function readAddresses(entry: YamlValue, at: Path, issues: Issue[]): readonly LinkAddress[] {
  const cidr = textAt(entry, 'cidr');
  const texts = textsAt(entry, 'addresses');
  checkUnique(texts, [...at, 'addresses'], issues);
  const all = texts.map((text, i): [string, Path] => [text, [...at, 'addresses', i]]);
  if (cidr !== undefined) all.push([cidr, [...at, 'cidr']]);
  return all.map(([text, where]) => {
    const family = isIP(text);
    const prefix = family === 0 ? text : `${text}/${family === 4 ? 32 : 128}`;
    checkPrefix(prefix, where, issues);
    return { prefix, priority: undefined };
  });
}

function readRoutes(entry: YamlValue, at: Path, issues: Issue[]): readonly LinkRoute[] {
  return listAt(entry, 'routes').map((route, i): LinkRoute => {
    const where = [...at, 'routes', i];
    const network = textAt(route, 'network');
    const gateway = textAt(route, 'gateway');
    const source = textAt(route, 'source');
    if (network === undefined && gateway === undefined) issues.push({ at: where, expected: 'a network or a gateway' });
    const isEverything = network === EVERYTHING_V4 || network === EVERYTHING_V6;
    if (network !== undefined && !isEverything) checkPrefix(network, [...where, 'network'], issues);
    if (gateway !== undefined) checkIp(gateway, [...where, 'gateway'], issues);
    if (source !== undefined) checkIp(source, [...where, 'source'], issues);
    return {
      family: familyOf(network ?? gateway),
      destination: isEverything ? undefined : network,
      gateway,
      source,
      metric: numberAt(route, 'metric', DEFAULT_METRIC) || DEFAULT_METRIC,
      mtu: numberAt(route, 'mtu', 0),
      table: MAIN_TABLE,
    };
  });
}
