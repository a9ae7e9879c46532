import type { CheckedDocument } from '../checked-document.ts';
import { type Issue, shownText } from '../issue.ts';
import { listAt, textAt, textsAt, valueAt, type YamlMap, type YamlValue } from '../yaml-value.ts';
import type { LinkAddress, LinkConfig, LinkMake, LinkRoute } from './network-config.ts';
import { checkLinkName, checkMtu, checkPrefix, checkUnique, isUnspecified } from './network-rules.ts';

/** Metric of a route that names none. */
export const DEFAULT_METRIC = 1024;
/** RT_TABLE_MAIN. */
export const MAIN_TABLE = 254;

/** The address family of an address or a prefix. */
export function familyOf(text: string | undefined): 4 | 6 {
  return text?.includes(':') === true ? 6 : 4;
}

/** The number at a key; the fallback when there is none. */
export function numberAt(value: YamlValue | undefined, key: string, fallback: number): number {
  const found = valueAt(value, key);
  return typeof found === 'number' ? found : fallback;
}

/** The link that a document of a link kind speaks of; undefined for kinds that are only checked. */
export function readLinkDocument({ document, issues }: CheckedDocument): LinkConfig | undefined {
  const { kind, name, value } = document;
  checkLinkName(name, ['name'], issues);
  checkMtu(numberAt(value, 'mtu', 0), ['mtu'], issues);
  const link: LinkConfig = {
    name,
    make: makeOf(kind, value, issues),
    isUp: valueAt(value, 'up') !== false,
    mtu: numberAt(value, 'mtu', 0),
    hasMulticast: valueAt(value, 'multicast') === true,
    addresses: readAddresses(value, issues),
    routes: readRoutes(value, issues),
  };
  const isMade = kind === 'DummyLinkConfig' || kind === 'VLANConfig' || kind === 'BridgeConfig';
  return isMade || kind === 'LinkConfig' ? link : undefined;
}

function makeOf(kind: string, value: YamlMap, issues: Issue[]): LinkMake | undefined {
  if (kind === 'DummyLinkConfig') return { kind: 'dummy' };
  if (kind === 'BridgeConfig') {
    const members = textsAt(value, 'links');
    checkUnique(members, ['links'], issues);
    return {
      kind: 'bridge',
      members,
      hasStp: valueAt(value, 'stp', 'enabled') === true,
      isVlanFiltering: valueAt(value, 'vlan', 'filtering') === true,
    };
  }
  if (kind !== 'VLANConfig') return undefined;
  const vlanId = numberAt(value, 'vlanID', 0);
  if (vlanId < 1 || vlanId > 4094) issues.push({ at: ['vlanID'], expected: 'a number from 1 to 4094', found: String(vlanId) });
  const protocol = textAt(value, 'vlanMode') === '802.1ad' ? '802.1ad' : '802.1q';
  return { kind: 'vlan', parent: textAt(value, 'parent') ?? '', vlanId, protocol };
}

function readAddresses(value: YamlMap, issues: Issue[]): readonly LinkAddress[] {
  const addresses = listAt(value, 'addresses').map((entry, i): LinkAddress => {
    const prefix = textAt(entry, 'address') ?? '';
    if (prefix !== '') checkPrefix(prefix, ['addresses', i, 'address'], issues);
    const priority = valueAt(entry, 'routePriority');
    return { prefix, priority: typeof priority === 'number' ? priority : undefined };
  });
  checkUnique(
    addresses.map((a) => a.prefix),
    ['addresses'],
    issues,
  );
  return addresses;
}

function readRoutes(value: YamlMap, issues: Issue[]): readonly LinkRoute[] {
  return listAt(value, 'routes').map((entry, i): LinkRoute => {
    for (const key of ['destination', 'gateway', 'source']) {
      const text = textAt(entry, key);
      if (text !== undefined && isUnspecified(text)) {
        const hint = key === 'destination' ? '; a default route has no destination' : '';
        issues.push({
          at: ['routes', i, key],
          expected: `an address other than the unspecified one${hint}`,
          found: shownText(text),
        });
      }
    }
    if (textAt(entry, 'destination') === undefined && textAt(entry, 'gateway') === undefined) {
      issues.push({ at: ['routes', i], expected: 'a destination or a gateway' });
    }
    const destination = textAt(entry, 'destination');
    const gateway = textAt(entry, 'gateway');
    return {
      family: familyOf(destination ?? gateway),
      destination,
      gateway,
      source: textAt(entry, 'source'),
      metric: numberAt(entry, 'metric', DEFAULT_METRIC),
      mtu: numberAt(entry, 'mtu', 0),
      table: numberAt(entry, 'table', MAIN_TABLE) || MAIN_TABLE,
    };
  });
}
