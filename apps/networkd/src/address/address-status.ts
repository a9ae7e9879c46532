import { AddressStatusSpec, NethelpersFamily } from '@minos/api/resource-specs';
import type { LinkAddress } from '@minos/host';
import { netIp, netIpPrefix } from '@minos/resource';

/** AddressStatus of each address, by `<link>/<address>/<prefix length>`. */
export function addressStatuses(addresses: readonly LinkAddress[]): ReadonlyMap<string, AddressStatusSpec> {
  return new Map(addresses.map((address) => [`${address.linkName}/${address.address}`, addressStatus(address)]));
}

function addressStatus(address: LinkAddress): AddressStatusSpec {
  return AddressStatusSpec.fromPartial({
    address: netIpPrefix(address.address),
    ...(address.local === '' ? {} : { local: netIp(address.local) }),
    ...(address.broadcast === '' ? {} : { broadcast: netIp(address.broadcast) }),
    linkIndex: address.linkIndex,
    linkName: address.linkName,
    family: address.family === 'inet4' ? NethelpersFamily.FAMILY_INET4 : NethelpersFamily.FAMILY_INET6,
    // The enumeration names numbers of the kernel; one without a name is as good on the wire.
    scope: address.scope as AddressStatusSpec['scope'],
    flags: address.flags,
    priority: address.priority,
  });
}
