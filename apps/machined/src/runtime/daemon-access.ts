import {
  addressSpecType,
  addressStatusType,
  affiliateType,
  apiCertificatesType,
  apiServiceConfigType,
  type DaemonAccess,
  diagnosticType,
  hostnameSpecType,
  hostnameStatusType,
  linkSpecType,
  linkStatusType,
  networkStatusType,
  nodeAddressType,
  osRootType,
  resolverSpecType,
  resolverStatusType,
  routeSpecType,
  routeStatusType,
  trustdCertificatesType,
} from '@minos/resource';

/** The daemons that have a socket to the state. */
export type DaemonName = 'networkd' | 'apid' | 'trustd';

/** Who runs as whom. */
export const DAEMON_UID: Readonly<Record<DaemonName, number>> = { apid: 50, trustd: 51, networkd: 52 };

/** What each daemon sees of the state, and what it writes. */
export const DAEMON_ACCESS: Readonly<Record<DaemonName, DaemonAccess>> = {
  networkd: {
    readable: [linkSpecType, addressSpecType, routeSpecType, hostnameSpecType, resolverSpecType],
    owned: [
      linkStatusType,
      addressStatusType,
      routeStatusType,
      hostnameStatusType,
      resolverStatusType,
      networkStatusType,
      nodeAddressType,
      diagnosticType,
    ],
  },
  apid: { readable: [apiServiceConfigType, apiCertificatesType, nodeAddressType, hostnameStatusType], owned: [] },
  trustd: { readable: [trustdCertificatesType, osRootType], owned: [affiliateType] },
};
