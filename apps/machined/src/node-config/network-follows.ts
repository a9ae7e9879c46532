import { type MachineConfig, networkSpecs } from '@minos/config';
import { formatNetIp, linkStatusType, nodeAddressType, type StateReader } from '@minos/resource';

/** What networkd says that there is. */
export interface ObservedNetwork {
  readonly links: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
}

const LOOPBACK = 'lo';

/** What networkd says that there is; undefined while it has said nothing since machined was started. */
export async function observedNetwork(state: StateReader): Promise<ObservedNetwork | undefined> {
  const current = (await state.get(nodeAddressType, 'current'))?.spec;
  if (current === undefined) return undefined;
  const links = new Set((await state.list(linkStatusType)).map(({ metadata }) => metadata.id));
  return { links, addresses: new Set(current.addresses.map(({ ip }) => formatNetIp({ ip }))) };
}

/**
 * Whether the addresses of the node are those of a configuration: all that it asks for on links that are there, and none that only
 * the one before asked for. Pure.
 */
export function networkFollows(
  now: MachineConfig,
  before: MachineConfig | undefined,
  observed: ObservedNetwork | undefined,
): boolean {
  if (observed === undefined) return false;
  const wanted = addressesOf(now);
  const gone = before === undefined ? [] : [...addressesOf(before).keys()].filter((address) => !wanted.has(address));
  const isMissing = ([address, link]: readonly [string, string]): boolean =>
    observed.links.has(link) && !observed.addresses.has(address);
  return ![...wanted].some(isMissing) && gone.every((address) => !observed.addresses.has(address));
}

/** Each address with the link that it is for. */
function addressesOf(config: MachineConfig): ReadonlyMap<string, string> {
  const specs = [...networkSpecs(config).addresses.values()].filter((spec) => spec.linkName !== LOOPBACK);
  return new Map(
    specs.flatMap(({ address, linkName }) => (address === undefined ? [] : [[formatNetIp({ ip: address.ip }), linkName]])),
  );
}
