import { hasCode } from '@minos/base';
import type { RawNetlinkSocket } from 'netlink/dist/raw.js';
import type { NetworkEvent } from '../../port/rtnetlink.ts';
import type { EventFan } from '../../rtnetlink/event-fan.ts';
import { RTM } from './netlink-requests.ts';

/** RTNLGRP_*, linux/rtnetlink.h. */
const GROUPS = { LINK: 1, IPV4_IFADDR: 5, IPV4_ROUTE: 7, IPV6_IFADDR: 9, IPV6_ROUTE: 11 } as const;
const MESSAGE_HEADER_BYTES = 16;

const KINDS: ReadonlyMap<number, NetworkEvent['kind']> = new Map([
  [RTM.NEWLINK, 'link'],
  [RTM.DELLINK, 'link'],
  [RTM.NEWADDR, 'address'],
  [RTM.DELADDR, 'address'],
  [RTM.NEWROUTE, 'route'],
  [RTM.DELROUTE, 'route'],
]);

/** Joins the groups of links, addresses and routes and tells what kind of thing changed; only the type of a message is looked at. */
export function watchNetlink(socket: RawNetlinkSocket, fan: EventFan): void {
  socket.on('message', (bytes) => {
    for (const kind of kindsIn(bytes)) fan.push({ kind });
  });
  socket.on('truncatedMessage', () => fan.push({ kind: 'lost' }));
  socket.on('error', (e) => {
    if (hasCode(e, 'ENOBUFS')) fan.push({ kind: 'lost' });
  });
  for (const group of Object.values(GROUPS)) socket.addMembership(group);
}

function kindsIn(bytes: Buffer): Set<NetworkEvent['kind']> {
  const kinds = new Set<NetworkEvent['kind']>();
  for (let at = 0; at + MESSAGE_HEADER_BYTES <= bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    if (length < MESSAGE_HEADER_BYTES) break;
    const kind = KINDS.get(bytes.readUInt16LE(at + 4));
    if (kind !== undefined) kinds.add(kind);
    at += (length + 3) & ~3;
  }
  return kinds;
}
