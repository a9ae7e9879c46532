import type { Link, LinkAddress, Route } from '../../port/rtnetlink.ts';
import { IFA_F, IFF } from '../../rtnetlink/rtnetlink-constants.ts';

/** A link of the simulation; what the port tells is derived from it. */
export interface SimulatedLink {
  readonly index: number;
  name: string;
  readonly altNames: string[];
  readonly type: 'ether' | 'loopback';
  readonly kind: string;
  mtu: number;
  isUp: boolean;
  /** Whether the other end of the cable is there; of a veth the peer decides. */
  hasCable: boolean;
  readonly peerIndex: number;
  readonly hardwareAddress: string;
}

/** Everything that the simulated kernel knows. */
export interface NetworkState {
  readonly links: Map<number, SimulatedLink>;
  addresses: LinkAddress[];
  routes: Route[];
  nextIndex: number;
  readonly hasLinkLocalAddresses: boolean;
}

/** Whether the link has a carrier: it is up, and so is what is at its other end. */
export function hasCarrier(state: NetworkState, link: SimulatedLink): boolean {
  if (!link.isUp || !link.hasCable) return false;
  return link.kind !== 'veth' || state.links.get(link.peerIndex)?.isUp === true;
}

/** The link as rtnetlink tells it. */
export function describeLink(state: NetworkState, link: SimulatedLink): Link {
  const carrier = hasCarrier(state, link);
  const isLoopback = link.type === 'loopback';
  const flags =
    (isLoopback ? IFF.LOOPBACK : IFF.BROADCAST | IFF.MULTICAST) |
    (link.isUp ? IFF.UP : 0) |
    (carrier ? IFF.RUNNING | IFF.LOWER_UP : 0);
  return {
    index: link.index,
    name: link.name,
    altNames: [...link.altNames],
    type: link.type,
    kind: link.kind,
    slaveKind: '',
    alias: '',
    flags,
    mtu: link.mtu,
    operState: operState(link, carrier),
    hardwareAddress: link.hardwareAddress,
    permanentAddress: link.kind === '' && !isLoopback ? link.hardwareAddress : '',
    broadcastAddress: isLoopback ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff',
    queueDiscipline: 'noqueue',
    masterIndex: 0,
    linkIndex: link.peerIndex,
  };
}

function operState(link: SimulatedLink, carrier: boolean): Link['operState'] {
  if (!link.isUp) return 'down';
  if (link.type === 'loopback' || (link.kind === 'bridge' && carrier)) return 'unknown';
  if (carrier) return 'up';
  return link.kind === 'veth' ? 'lowerlayerdown' : 'down';
}

/** Whether an address is one of the simulated host's own. */
export function isLocalAddress(state: NetworkState, ip: string): boolean {
  return state.addresses.some((address) => ipOf(address) === ip);
}

/** The address without its prefix length. */
export function ipOf(address: LinkAddress): string {
  return address.address.slice(0, address.address.lastIndexOf('/'));
}

/** Whether an address is one that goes with another of the same network. */
export function isSecondary(address: LinkAddress): boolean {
  return address.family === 'inet4' && (address.flags & IFA_F.SECONDARY) !== 0;
}
