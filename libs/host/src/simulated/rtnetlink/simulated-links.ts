import type { Rtnetlink } from '../../port/rtnetlink.ts';
import { rtnetlinkFault } from '../../rtnetlink/rtnetlink-fault.ts';
import { hasCarrier, type NetworkState, type SimulatedLink } from './network-state.ts';
import { addConnectedRoutes, addKernelAddresses, dropAddresses } from './simulated-addresses.ts';

const MIN_MTU = 68;
const MAX_MTU = 65_535;
const MAX_NAME_BYTES = 15;

/** What a new link starts with. */
export interface NewLink {
  readonly name: string;
  readonly type?: 'ether' | 'loopback';
  readonly kind?: string;
  readonly mtu?: number;
  readonly hasCable?: boolean;
  readonly hardwareAddress?: string;
  readonly peerIndex?: number;
}

/** Puts a link into the machine and hands it back. */
export function insertLink(state: NetworkState, link: NewLink): SimulatedLink {
  const index = state.nextIndex++;
  const type = link.type ?? 'ether';
  const octet = (shift: number): string => ((index >> shift) & 0xff).toString(16).padStart(2, '0');
  const made: SimulatedLink = {
    index,
    name: link.name,
    altNames: [],
    type,
    kind: link.kind ?? '',
    mtu: link.mtu ?? (type === 'loopback' ? 65_536 : 1500),
    isUp: false,
    hasCable: link.hasCable ?? true,
    peerIndex: link.peerIndex ?? 0,
    hardwareAddress: link.hardwareAddress ?? (type === 'loopback' ? '00:00:00:00:00:00' : `02:00:00:00:${octet(8)}:${octet(0)}`),
  };
  state.links.set(index, made);
  return made;
}

/** Makes a virtual link; of a veth the peer comes first, as in the kernel. */
export function createSimulatedLink(state: NetworkState, link: Parameters<Rtnetlink['createLink']>[0]): void {
  const fields = { link: link.name, kind: link.kind };
  const names = [link.name, link.altName, ...(link.peerName === undefined ? [] : [link.peerName])];
  const isTwice = new Set(names).size < names.length;
  if (isTwice || names.some((name) => findByName(state, name) !== undefined))
    throw rtnetlinkFault('EEXIST', 'make the link', fields);
  if ([link.name, link.peerName ?? 'x'].some((name) => name === '' || Buffer.byteLength(name) > MAX_NAME_BYTES))
    throw rtnetlinkFault('ERANGE', 'make the link', fields);
  if (link.kind !== 'veth') {
    insertLink(state, { name: link.name, kind: link.kind }).altNames.push(link.altName);
    return;
  }
  const peerIndex = state.nextIndex;
  insertLink(state, { name: link.peerName ?? `veth${peerIndex}`, kind: 'veth', peerIndex: peerIndex + 1 });
  insertLink(state, { name: link.name, kind: 'veth', peerIndex }).altNames.push(link.altName);
}

/** Deletes a virtual link, its peer, and all that hangs on them; a physical link cannot be deleted. */
export function deleteSimulatedLink(state: NetworkState, index: number): void {
  const link = requireLink(state, index);
  if (link.kind === '') throw rtnetlinkFault('ENOTSUP', 'delete the link', { linkIndex: index });
  removeLink(state, link.index);
  if (link.peerIndex !== 0) removeLink(state, link.peerIndex);
}

/** Takes a link and all that hangs on it away, as when hardware is pulled. */
export function removeLink(state: NetworkState, index: number): void {
  state.links.delete(index);
  state.routes = state.routes.filter((route) => route.outLinkIndex !== index);
  const own = state.addresses.filter((address) => address.linkIndex === index);
  // Of IPv6 only an address that is deleted by itself is forgotten as a source (rt6_remove_prefsrc).
  state.addresses = state.addresses.filter((address) => address.linkIndex !== index || address.family === 'inet4');
  dropAddresses(
    state,
    own.filter((address) => address.family === 'inet4'),
  );
}

/** Changes a link as RTM_NEWLINK does. */
export function changeSimulatedLink(state: NetworkState, index: number, change: Parameters<Rtnetlink['setLink']>[1]): void {
  const link = requireLink(state, index);
  const fields = { linkIndex: index };
  if (change.addAltName !== undefined) {
    if (findByName(state, change.addAltName) !== undefined) throw rtnetlinkFault('EEXIST', 'change the link', fields);
    link.altNames.push(change.addAltName);
  }
  if (change.mtu !== undefined) {
    if (link.type !== 'loopback' && (change.mtu < MIN_MTU || change.mtu > MAX_MTU))
      throw rtnetlinkFault('EINVAL', 'change the link', fields);
    link.mtu = change.mtu;
  }
  if (change.name !== undefined && change.name !== link.name) {
    if (findByName(state, change.name) !== undefined) throw rtnetlinkFault('EEXIST', 'change the link', fields);
    renameLink(state, link, change.name);
  }
  if (change.up !== undefined) setLinkUp(state, link, change.up ? 'up' : 'down');
}

/** Brings a link up or down, with what the kernel does to its addresses and routes. */
export function setLinkUp(state: NetworkState, link: SimulatedLink, wanted: 'up' | 'down'): void {
  if (link.isUp === (wanted === 'up')) return;
  link.isUp = wanted === 'up';
  if (link.isUp) {
    addConnectedRoutes(state, link);
    carrierChanged(state, link);
  } else {
    state.routes = state.routes.filter((route) => route.outLinkIndex !== link.index);
    state.addresses = state.addresses.filter((address) => address.linkIndex !== link.index || address.family === 'inet4');
  }
  const peer = state.links.get(link.peerIndex);
  if (peer !== undefined) carrierChanged(state, peer);
}

/** Lets the kernel's own addresses follow a change of the carrier. */
export function carrierChanged(state: NetworkState, link: SimulatedLink): void {
  if (link.isUp) addKernelAddresses(state, link, hasCarrier(state, link));
}

/** The link with this name or alternative name. */
export function findByName(state: NetworkState, name: string): SimulatedLink | undefined {
  return [...state.links.values()].find((link) => link.name === name || link.altNames.includes(name));
}

function requireLink(state: NetworkState, index: number): SimulatedLink {
  const link = state.links.get(index);
  if (link === undefined) throw rtnetlinkFault('ENODEV', 'find the link', { linkIndex: index });
  return link;
}

function renameLink(state: NetworkState, link: SimulatedLink, name: string): void {
  link.name = name;
  state.addresses = state.addresses.map((address) =>
    address.linkIndex === link.index ? { ...address, linkName: name } : address,
  );
  state.routes = state.routes.map((route) => (route.outLinkIndex === link.index ? { ...route, outLinkName: name } : route));
}
