import type { RawNetlinkSocket } from 'netlink/dist/raw.js';
import type { NetworkEvent } from '../../port/rtnetlink.ts';
import type { EventFan } from '../../rtnetlink/event-fan.ts';
import { countOverruns, type LostCount } from './netlink-overrun.ts';
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

/**
 * Joins the groups of links, addresses and routes and tells what kind of thing changed; only the type of a message is looked
 * at. When messages were lost, `lost` is told.
 */
export async function watchNetlink(socket: RawNetlinkSocket, fan: EventFan): Promise<void> {
  const batch = new EventBatch(await countOverruns(socket.address().port), fan);
  socket.on('message', (bytes) => batch.add(kindsIn(bytes)));
  socket.on('truncatedMessage', () => batch.add(['lost']));
  socket.on('error', () => batch.add(['lost']));
  for (const group of Object.values(GROUPS)) socket.addMembership(group);
}

/**
 * Gathers what one turn of the event loop brings. Readers are told outside of the package's own callback, in which any
 * exception would end the process; then the count of lost messages is looked at too: a socket loses only while it is full,
 * so a message always follows.
 */
class EventBatch {
  readonly #lost: LostCount;
  readonly #fan: EventFan;
  readonly #kinds = new Set<NetworkEvent['kind']>();
  #knownLost = 0;
  #isScheduled = false;

  constructor(lost: LostCount, fan: EventFan) {
    this.#lost = lost;
    this.#fan = fan;
  }

  add(kinds: Iterable<NetworkEvent['kind']>): void {
    for (const kind of kinds) this.#kinds.add(kind);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#tell());
  }

  #tell(): void {
    this.#isScheduled = false;
    const lost = this.#lost();
    if (lost !== this.#knownLost) this.#kinds.add('lost');
    this.#knownLost = lost;
    for (const kind of this.#kinds) this.#fan.push({ kind });
    this.#kinds.clear();
  }
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
