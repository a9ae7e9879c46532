import type { Link, LinkAddress, Route } from '@minos/host';

/** A link as the kernel would tell it, up. */
export function observedLink(link: Partial<Link> = {}): Link {
  return {
    index: 2,
    name: 'eth0',
    altNames: [],
    type: 'ether',
    kind: '',
    slaveKind: '',
    alias: '',
    flags: 0x11043,
    mtu: 1500,
    operState: 'up',
    hardwareAddress: '02:00:00:00:00:02',
    permanentAddress: '',
    broadcastAddress: 'ff:ff:ff:ff:ff:ff',
    queueDiscipline: 'noqueue',
    masterIndex: 0,
    linkIndex: 0,
    ...link,
  };
}

/** An address that networkd made. */
export function observedAddress(address: Partial<LinkAddress> = {}): LinkAddress {
  return {
    family: 'inet4',
    address: '10.5.0.2/24',
    local: '10.5.0.2',
    broadcast: '10.5.0.255',
    linkIndex: 2,
    linkName: 'eth0',
    scope: 0,
    flags: 0x80,
    protocol: 98,
    priority: 0,
    ...address,
  };
}

/** A default route that networkd made. */
export function observedRoute(route: Partial<Route> = {}): Route {
  return {
    family: 'inet4',
    destination: '',
    gateway: '10.5.0.1',
    source: '',
    outLinkIndex: 2,
    outLinkName: 'eth0',
    table: 254,
    priority: 1024,
    scope: 0,
    type: 1,
    flags: 0,
    protocol: 98,
    mtu: 0,
    ...route,
  };
}
