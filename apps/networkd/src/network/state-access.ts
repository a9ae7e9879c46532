import {
  addressSpecType,
  addressStatusType,
  hostnameSpecType,
  hostnameStatusType,
  linkSpecType,
  linkStatusType,
  networkStatusType,
  nodeAddressType,
  type ResourceType,
  resolverSpecType,
  resolverStatusType,
  routeSpecType,
  routeStatusType,
} from '@minos/resource';

/** What networkd reads from the state. */
export const INPUT_TYPES: readonly ResourceType<unknown>[] = [
  linkSpecType,
  addressSpecType,
  routeSpecType,
  hostnameSpecType,
  resolverSpecType,
];

/** What networkd alone writes; it reads them too. */
export const OUTPUT_TYPES: readonly ResourceType<unknown>[] = [
  linkStatusType,
  addressStatusType,
  routeStatusType,
  hostnameStatusType,
  resolverStatusType,
  networkStatusType,
  nodeAddressType,
];
