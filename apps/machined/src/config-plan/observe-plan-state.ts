import {
  addressSpecType,
  apiCertificatesType,
  certSanType,
  hostnameSpecType,
  hostnameStatusType,
  kernelModuleSpecType,
  kernelParamSpecType,
  linkSpecType,
  nodeAddressType,
  type ResourceType,
  resolverSpecType,
  routeSpecType,
} from '@minos/resource';
import { automaticHostname } from '../node-config/automatic-hostname.ts';
import type { Machine } from '../runtime/machine.ts';
import type { PlanState } from './plan-config.ts';

/** How the node stands now, from its resources. */
export async function observePlanState({
  state,
  config,
  identity,
}: Pick<Machine, 'state' | 'config' | 'identity'>): Promise<PlanState> {
  const all = async <S>(type: ResourceType<S>): Promise<ReadonlyMap<string, S>> =>
    new Map((await state.list(type)).map(({ metadata, spec }) => [metadata.id, spec]));
  const [links, addresses, routes, hostname, resolvers, seen, modules, params] = await Promise.all([
    all(linkSpecType),
    all(addressSpecType),
    all(routeSpecType),
    all(hostnameSpecType),
    all(resolverSpecType),
    all(nodeAddressType),
    all(kernelModuleSpecType),
    all(kernelParamSpecType),
  ]);
  return {
    current: config.current,
    network: { links, addresses, routes, hostname, resolvers },
    kernel: { modules, params },
    hostname: state.peek(hostnameStatusType, 'hostname')?.spec,
    addresses: [...seen.values()],
    sans: state.peek(certSanType, 'api')?.spec,
    certificates: state.peek(apiCertificatesType, 'api')?.spec,
    automaticHostname: automaticHostname(identity.nodeId),
  };
}
