import type { NodeAddressSpec } from '@minos/api/resource-specs';
import { type MachineConfig, networkSpecs } from '@minos/config';
import { formatNetIp } from '@minos/resource';

const LOOPBACK = 'lo';

/** Whether the addresses of the node are those of a configuration: all that it asks for, and none that only the one before asked for. Pure. */
export function networkFollows(
  now: MachineConfig,
  before: MachineConfig | undefined,
  current: Pick<NodeAddressSpec, 'addresses'> | undefined,
): boolean {
  const there = new Set((current?.addresses ?? []).map(({ ip }) => formatNetIp({ ip })));
  const wanted = addressesOf(now);
  const gone = before === undefined ? [] : [...addressesOf(before)].filter((address) => !wanted.has(address));
  return [...wanted].every((address) => there.has(address)) && gone.every((address) => !there.has(address));
}

function addressesOf(config: MachineConfig): ReadonlySet<string> {
  const specs = [...networkSpecs(config).addresses.values()].filter((spec) => spec.linkName !== LOOPBACK);
  return new Set(specs.flatMap(({ address }) => (address === undefined ? [] : [formatNetIp({ ip: address.ip })])));
}
