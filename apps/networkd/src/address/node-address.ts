import { NethelpersAddressSortAlgorithm, NodeAddressSpec } from '@minos/api/resource-specs';
import { parseIpPrefix } from '@minos/base';
import { netIpPrefix } from '@minos/resource';
import type { NetworkSnapshot } from '../network/network-snapshot.ts';

/** What NodeAddress resources said before, as prefixes in text. */
export interface NodeAddressMemory {
  readonly default: string | undefined;
  readonly accumulative: readonly string[];
}

const IFF_UP = 1;
const SCOPE_LINK = 253;

/**
 * NodeAddress `default` (stays as long as it is there), `current`, `accumulative` (all ever seen) and `routed`, sorted by
 * address. Loopback, multicast and link-local addresses, and those on links that are down, are left out.
 */
export function nodeAddresses(
  snapshot: NetworkSnapshot,
  before: NodeAddressMemory,
): { memory: NodeAddressMemory; specs: ReadonlyMap<string, NodeAddressSpec> } {
  const current = currentAddresses(snapshot);
  const kept = before.default !== undefined && current.includes(before.default) ? before.default : current[0];
  const memory = { default: kept ?? before.default, accumulative: sorted([...before.accumulative, ...current]) };
  const all: [string, readonly string[]][] = [
    ['current', current],
    ['accumulative', memory.accumulative],
    ['routed', current],
  ];
  if (memory.default !== undefined) all.unshift(['default', [memory.default]]);
  return { memory, specs: new Map(all.map(([id, list]) => [id, specOf(list)])) };
}

/** The addresses that others can reach this node by, sorted. */
export function currentAddresses(snapshot: NetworkSnapshot): readonly string[] {
  const up = new Set(snapshot.links.filter((link) => (link.flags & IFF_UP) !== 0).map((link) => link.index));
  return sorted(
    snapshot.addresses
      .filter((address) => address.scope < SCOPE_LINK && up.has(address.linkIndex) && isReachable(address.address))
      .map((a) => a.address),
  );
}

function specOf(addresses: readonly string[]): NodeAddressSpec {
  return NodeAddressSpec.fromPartial({
    addresses: addresses.map(netIpPrefix),
    sortAlgorithm: NethelpersAddressSortAlgorithm.ADDRESS_SORT_ALGORITHM_V1,
  });
}

function isReachable(address: string): boolean {
  const ip = parseIpPrefix(address)?.ip;
  const [first = 0, second = 0] = ip ?? [];
  if (ip === undefined) return false;
  if (ip.length === 4) return first !== 127 && first < 224 && !(first === 169 && second === 254);
  return first !== 0xff && !(first === 0xfe && (second & 0xc0) === 0x80) && !ip.subarray(0, 15).every((byte) => byte === 0);
}

/** IPv4 before IPv6, each by number, then by prefix length; no address twice. */
function sorted(addresses: readonly string[]): string[] {
  const key = (address: string): string => {
    const prefix = parseIpPrefix(address);
    return prefix === undefined
      ? address
      : `${prefix.ip.length}`.padStart(2, '0') + prefix.ip.toString('hex') + `${prefix.length}`.padStart(3, '0');
  };
  return [...new Set(addresses)].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
