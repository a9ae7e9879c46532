import {
  type AddressStatusSpec,
  type HostnameStatusSpec,
  type LinkStatusSpec,
  NetworkStatusSpec,
  type NodeAddressSpec,
  type ResolverStatusSpec,
  type RouteStatusSpec,
} from '@minos/api/resource-specs';
import { addressStatuses } from '../address/address-status.ts';
import { currentAddresses } from '../address/node-address.ts';
import { hostnameStatuses } from '../hostname/hostname-status.ts';
import { linkStatuses } from '../link/link-status.ts';
import { resolverStatuses } from '../resolver/resolver-status.ts';
import { routeStatuses } from '../route/route-status.ts';
import type { DesiredNetwork } from './desired-network.ts';
import type { NetworkSnapshot } from './network-snapshot.ts';

/** Everything that networkd reports, by resource id. */
export interface NetworkReport {
  readonly links: ReadonlyMap<string, LinkStatusSpec>;
  readonly addresses: ReadonlyMap<string, AddressStatusSpec>;
  readonly routes: ReadonlyMap<string, RouteStatusSpec>;
  readonly hostname: ReadonlyMap<string, HostnameStatusSpec>;
  readonly resolvers: ReadonlyMap<string, ResolverStatusSpec>;
  readonly nodeAddresses: ReadonlyMap<string, NodeAddressSpec>;
  readonly network: ReadonlyMap<string, NetworkStatusSpec>;
}

/** What a report is made from. */
export interface ReportSource {
  readonly snapshot: NetworkSnapshot;
  readonly desired: DesiredNetwork;
  readonly nodeAddresses: ReadonlyMap<string, NodeAddressSpec>;
  readonly areEtcFilesReady: boolean;
}

/** Makes the report; pure. */
export function reportNetwork(source: ReportSource): NetworkReport {
  const hostname = hostnameStatuses(source.desired.hostname);
  return {
    links: linkStatuses(source.snapshot.links),
    addresses: addressStatuses(source.snapshot.addresses),
    routes: routeStatuses(source.snapshot.routes),
    hostname,
    resolvers: resolverStatuses(source.desired.resolvers),
    nodeAddresses: source.nodeAddresses,
    network: new Map([
      [
        'status',
        NetworkStatusSpec.fromPartial({
          addressReady: currentAddresses(source.snapshot).length > 0,
          connectivityReady: hasDefaultRoute(source.snapshot),
          hostnameReady: hostname.size > 0,
          etcFilesReady: source.areEtcFilesReady,
        }),
      ],
    ]),
  };
}

/** Without probes, the network counts as connected when there is a default route. */
function hasDefaultRoute(snapshot: NetworkSnapshot): boolean {
  return snapshot.routes.some((route) => route.destination === '' && route.gateway !== '');
}
