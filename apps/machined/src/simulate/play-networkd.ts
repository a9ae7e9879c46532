import { HostnameStatusSpec, NetworkStatusSpec, NodeAddressSpec, ResolverStatusSpec } from '@minos/api/resource-specs';
import {
  addressSpecType,
  hostnameSpecType,
  hostnameStatusType,
  networkStatusType,
  nodeAddressType,
  type ResourceType,
  resolverSpecType,
  resolverStatusType,
  type State,
} from '@minos/resource';

const LOOPBACK = 'lo';

/** Reports what networkd would report on a network that is always as it is wanted, until aborted; the process of a simulated networkd does nothing. */
export async function playNetworkd(state: State, signal: AbortSignal): Promise<void> {
  const follow = async (type: ResourceType<unknown>): Promise<void> => {
    for await (const event of state.watch(type, {}, signal)) {
      if (event.kind !== 'destroyed') await report(state);
    }
  };
  await Promise.all([addressSpecType, hostnameSpecType, resolverSpecType].map(follow));
}

async function report(state: State): Promise<void> {
  const writer = state.as('network.Simulated');
  const specs = (await state.list(addressSpecType)).map((resource) => resource.spec);
  const addresses = specs.flatMap((spec) => (spec.linkName === LOOPBACK || spec.address === undefined ? [] : [spec.address]));
  const hostname = (await state.get(hostnameSpecType, 'hostname'))?.spec;
  const resolvers = (await state.get(resolverSpecType, 'resolvers'))?.spec;
  if (addresses.length > 0) {
    for (const id of ['default', 'current', 'routed', 'accumulative']) {
      const some = id === 'default' ? addresses.slice(0, 1) : addresses;
      await writer.put(nodeAddressType, id, NodeAddressSpec.fromPartial({ addresses: some }));
    }
  }
  if (hostname !== undefined) await writer.put(hostnameStatusType, 'hostname', HostnameStatusSpec.fromPartial(hostname));
  if (resolvers !== undefined) await writer.put(resolverStatusType, 'resolvers', ResolverStatusSpec.fromPartial(resolvers));
  const addressReady = addresses.length > 0;
  const status = { addressReady, connectivityReady: addressReady, hostnameReady: hostname !== undefined, etcFilesReady: true };
  await writer.put(networkStatusType, 'status', NetworkStatusSpec.fromPartial(status));
}
