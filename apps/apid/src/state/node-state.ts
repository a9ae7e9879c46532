import type { APICertsSpec, APIServiceConfigSpec, HostnameStatusSpec, NodeAddressSpec } from '@minos/api/resource-specs';
import type { Clock, Logger } from '@minos/base';
import {
  apiCertificatesType,
  apiServiceConfigType,
  hostnameStatusType,
  nodeAddressType,
  type StateReader,
} from '@minos/resource';
import { follow } from './follow.ts';

/** What machined says about how apid is to serve; each part stands until another comes. */
export interface NodeState {
  readonly service: APIServiceConfigSpec | undefined;
  readonly certificates: APICertsSpec | undefined;
  readonly addresses: NodeAddressSpec | undefined;
  readonly hostname: HostnameStatusSpec | undefined;
}

/** What following needs. */
export interface NodeStateOptions {
  readonly state: StateReader;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onChange: (state: NodeState) => void;
}

/** Tells what machined says, whenever any of it changes, until aborted. */
export async function followNodeState(options: NodeStateOptions, signal: AbortSignal): Promise<void> {
  let now: NodeState = { service: undefined, certificates: undefined, addresses: undefined, hostname: undefined };
  const change = (part: Partial<NodeState>): void => {
    now = { ...now, ...part };
    options.onChange(now);
  };
  const common = { state: options.state, clock: options.clock, log: options.log };
  await Promise.all([
    follow({ ...common, type: apiServiceConfigType, watch: {}, onValue: (service) => change({ service }) }, signal),
    follow(
      {
        ...common,
        type: apiCertificatesType,
        watch: { id: 'api' },
        // When they go, the configuration goes too, which ends the service; until then the last ones stand.
        onValue: (certificates) => certificates !== undefined && change({ certificates }),
      },
      signal,
    ),
    follow({ ...common, type: nodeAddressType, watch: { id: 'current' }, onValue: (addresses) => change({ addresses }) }, signal),
    follow({ ...common, type: hostnameStatusType, watch: {}, onValue: (hostname) => change({ hostname }) }, signal),
  ]);
}
