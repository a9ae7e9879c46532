import { Fault } from '@minos/base';
import type { NetworkEvent, Rtnetlink } from '../../port/rtnetlink.ts';
import { EventFan } from '../../rtnetlink/event-fan.ts';
import { OWN_PROTOCOL } from '../../rtnetlink/rtnetlink-constants.ts';
import { rtnetlinkFault } from '../../rtnetlink/rtnetlink-fault.ts';
import { describeLink, type NetworkState, type SimulatedLink } from './network-state.ts';
import { addSimulatedAddress, deleteSimulatedAddress } from './simulated-addresses.ts';
import {
  carrierChanged,
  changeSimulatedLink,
  createSimulatedLink,
  deleteSimulatedLink,
  findByName,
  insertLink,
  removeLink,
  setLinkUp,
} from './simulated-links.ts';
import { addSimulatedRoute, deleteSimulatedRoute } from './simulated-routes.ts';

/** The hardware that a simulated machine starts with, besides `lo`. */
export interface NetworkFixture {
  readonly links: readonly {
    readonly name: string;
    readonly hardwareAddress?: string;
    readonly mtu?: number;
    readonly hasCable?: boolean;
  }[];
  /** Whether links that come up get IPv6 link-local addresses; yes by default. */
  readonly hasLinkLocalAddresses?: boolean;
}

/** What one who opens the simulated rtnetlink may choose. */
export interface OpenOptions {
  /** The mark of what is made: networkd's own by default, 0 for another hand. */
  readonly protocol?: number;
}

type Change = 'setLink' | 'createLink' | 'deleteLink' | 'addAddress' | 'deleteAddress' | 'addRoute' | 'deleteRoute';

/**
 * The network of one simulated machine: links, addresses and the main rules of Linux about them (connected routes, secondary
 * addresses, reachable gateways, what a link that goes down takes along). Table `local` and multipath are left out.
 */
export class SimulatedNetwork {
  readonly #state: NetworkState;
  readonly #fan = new EventFan();
  readonly #planned = new Map<Change, string[]>();

  constructor(fixture: NetworkFixture = { links: [] }) {
    const hasLinkLocalAddresses = fixture.hasLinkLocalAddresses ?? true;
    this.#state = { links: new Map(), addresses: [], routes: [], nextIndex: 1, hasLinkLocalAddresses };
    insertLink(this.#state, { name: 'lo', type: 'loopback' });
    for (const link of fixture.links) insertLink(this.#state, link);
  }

  /** The port to this network, of one process. */
  open(options: OpenOptions = {}): Rtnetlink {
    return new SimulatedRtnetlink(this, options.protocol ?? OWN_PROTOCOL);
  }

  /** Scripts the cable: the link keeps being up, and loses or gets its carrier. */
  setCable(name: string, cable: 'plugged' | 'pulled'): void {
    const link = this.#require(name);
    link.hasCable = cable === 'plugged';
    this.change('link', () => carrierChanged(this.#state, link));
  }

  /** Scripts another hand: brings a link up or down. */
  setUp(name: string, wanted: 'up' | 'down'): void {
    this.change('link', () => setLinkUp(this.#state, this.#require(name), wanted));
  }

  /** Scripts hardware that comes. */
  plugLink(link: NetworkFixture['links'][number]): void {
    this.change('link', () => void insertLink(this.#state, link));
  }

  /** Scripts hardware that goes. */
  pullLink(name: string): void {
    this.change('link', () => removeLink(this.#state, this.#require(name).index));
  }

  /** Scripts a refusal: the next such call fails with this errno. */
  failNext(call: Change, errno: string): void {
    this.#planned.set(call, [...(this.#planned.get(call) ?? []), errno]);
  }

  /** Scripts a socket that ran over: readers are told to list again. */
  loseEvents(): void {
    this.#fan.push({ kind: 'lost' });
  }

  /** The state, for the parts of the simulation. */
  get state(): NetworkState {
    return this.#state;
  }

  /** Carries out a change and tells readers what kind of thing it touched. */
  change(kind: NetworkEvent['kind'], work: () => void): void {
    const before = { addresses: this.#state.addresses, routes: this.#state.routes };
    work();
    this.#fan.push({ kind });
    if (kind !== 'address' && before.addresses !== this.#state.addresses) this.#fan.push({ kind: 'address' });
    if (kind !== 'route' && before.routes !== this.#state.routes) this.#fan.push({ kind: 'route' });
  }

  /** Throws when a refusal of this call is scripted. */
  checkPlanned(call: Change): void {
    const errno = this.#planned.get(call)?.shift();
    if (errno !== undefined) throw rtnetlinkFault(errno, call, {});
  }

  /** Events from now on. */
  events(signal: AbortSignal): AsyncIterable<NetworkEvent> {
    return this.#fan.events(signal);
  }

  #require(name: string): SimulatedLink {
    const link = findByName(this.#state, name);
    if (link === undefined) throw new Fault('missing', 'the simulation has no such link', { link: name });
    return link;
  }
}

class SimulatedRtnetlink implements Rtnetlink {
  readonly #network: SimulatedNetwork;
  readonly #protocol: number;
  readonly #closing = new AbortController();

  constructor(network: SimulatedNetwork, protocol: number) {
    this.#network = network;
    this.#protocol = protocol;
  }

  async links() {
    const { state } = this.#network;
    return [...state.links.values()].sort((a, b) => a.index - b.index).map((link) => describeLink(state, link));
  }

  async addresses() {
    return [...this.#network.state.addresses];
  }

  async routes() {
    return [...this.#network.state.routes];
  }

  async setLink(index: number, change: Parameters<Rtnetlink['setLink']>[1]): Promise<void> {
    this.#run('setLink', 'link', (state) => changeSimulatedLink(state, index, change));
  }

  async createLink(link: Parameters<Rtnetlink['createLink']>[0]): Promise<void> {
    this.#run('createLink', 'link', (state) => createSimulatedLink(state, link));
  }

  async deleteLink(index: number): Promise<void> {
    this.#run('deleteLink', 'link', (state) => deleteSimulatedLink(state, index));
  }

  async addAddress(address: Parameters<Rtnetlink['addAddress']>[0]): Promise<void> {
    this.#run('addAddress', 'address', (state) => addSimulatedAddress(state, address, this.#protocol));
  }

  async deleteAddress(address: Parameters<Rtnetlink['deleteAddress']>[0]): Promise<void> {
    this.#run('deleteAddress', 'address', (state) => deleteSimulatedAddress(state, address.linkIndex, address.address));
  }

  async addRoute(route: Parameters<Rtnetlink['addRoute']>[0]): Promise<void> {
    this.#run('addRoute', 'route', (state) => addSimulatedRoute(state, route, this.#protocol));
  }

  async deleteRoute(route: Parameters<Rtnetlink['deleteRoute']>[0]): Promise<void> {
    this.#run('deleteRoute', 'route', (state) => deleteSimulatedRoute(state, route, this.#protocol));
  }

  events(signal: AbortSignal): AsyncIterable<NetworkEvent> {
    return this.#network.events(AbortSignal.any([signal, this.#closing.signal]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
  }

  #run(call: Change, kind: NetworkEvent['kind'], work: (state: NetworkState) => void): void {
    if (this.#closing.signal.aborted) throw new Fault('unavailable', 'the rtnetlink socket is closed');
    this.#network.checkPlanned(call);
    this.#network.change(kind, () => work(this.#network.state));
  }
}
