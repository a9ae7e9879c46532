import { Fault, messageOf, Scope } from '@minos/base';
import type { Link, LinkAddress, NetworkEvent, Route, Rtnetlink } from '../../port/rtnetlink.ts';
import { EventFan } from '../../rtnetlink/event-fan.ts';
import { addAddressMessage, deleteAddressMessage, listAddressesRequest, parseAddress } from './address-message.ts';
import {
  addAltNameMessage,
  changeLinkMessage,
  createLinkMessage,
  deleteLinkMessage,
  listLinksRequest,
  parseLink,
} from './link-message.ts';
import { watchNetlink } from './netlink-events.ts';
import { NetlinkRequests, RTM } from './netlink-requests.ts';
import { listRoutesRequest, parseRoute, routeMessage } from './route-message.ts';

const NETLINK_ROUTE = 0;

/** Opens rtnetlink(7) of the network namespace that this process is in. Changes need CAP_NET_ADMIN; throws `unavailable` when there is no netlink. */
export async function openRtnetlink(): Promise<Rtnetlink> {
  const scope = new Scope();
  try {
    const [{ createNetlink }, { RawNetlinkSocket }] = await Promise.all([
      import('netlink/dist/netlink.js'),
      import('netlink/dist/raw.js'),
    ]);
    const requests = scope.use(new NetlinkRequests(createNetlink(NETLINK_ROUTE)));
    const watcher = new RawNetlinkSocket(NETLINK_ROUTE);
    scope.use(() => watcher.close());
    const fan = new EventFan();
    scope.use(() => fan.close());
    await watchNetlink(watcher, fan);
    return new LinuxRtnetlink(requests, fan, scope);
  } catch (e) {
    await scope.close();
    throw new Fault('unavailable', `cannot open rtnetlink: ${messageOf(e)}`, {}, { cause: e });
  }
}

class LinuxRtnetlink implements Rtnetlink {
  readonly #requests: NetlinkRequests;
  readonly #fan: EventFan;
  readonly #scope: Scope;

  constructor(requests: NetlinkRequests, fan: EventFan, scope: Scope) {
    this.#requests = requests;
    this.#fan = fan;
    this.#scope = scope;
  }

  async links(): Promise<readonly Link[]> {
    const payloads = await this.#requests.dump(RTM.GETLINK, listLinksRequest());
    return payloads.map(parseLink);
  }

  async addresses(): Promise<readonly LinkAddress[]> {
    const payloads = await this.#requests.dump(RTM.GETADDR, listAddressesRequest());
    const names = await this.#names();
    return payloads.map((payload) => parseAddress(payload, names)).filter((address) => address !== undefined);
  }

  async routes(): Promise<readonly Route[]> {
    const inet4 = await this.#requests.dump(RTM.GETROUTE, listRoutesRequest('inet4'));
    const inet6 = await this.#requests.dump(RTM.GETROUTE, listRoutesRequest('inet6'));
    const names = await this.#names();
    return [...inet4, ...inet6].map((payload) => parseRoute(payload, names)).filter((route) => route !== undefined);
  }

  async setLink(index: number, change: Parameters<Rtnetlink['setLink']>[1]): Promise<void> {
    const { addAltName, ...rest } = change;
    const about = { isNew: false, action: 'change the link', fields: { linkIndex: index } };
    if (addAltName !== undefined)
      await this.#requests.change({
        ...about,
        type: RTM.NEWLINKPROP,
        message: addAltNameMessage(index, addAltName),
        isNew: true,
      });
    if (Object.keys(rest).length > 0)
      await this.#requests.change({ ...about, type: RTM.NEWLINK, message: changeLinkMessage(index, rest) });
  }

  async createLink(link: Parameters<Rtnetlink['createLink']>[0]): Promise<void> {
    const fields = { link: link.name, kind: link.kind };
    await this.#requests.change({
      type: RTM.NEWLINK,
      message: createLinkMessage(link),
      isNew: true,
      action: 'make the link',
      fields,
    });
    const made = (await this.links()).find((candidate) => candidate.name === link.name);
    if (made === undefined) throw new Fault('missing', 'the link was gone as soon as it was made', fields);
    try {
      await this.setLink(made.index, { addAltName: link.altName });
    } catch (e) {
      await this.deleteLink(made.index);
      throw e;
    }
  }

  deleteLink(index: number): Promise<void> {
    return this.#requests.change({
      type: RTM.DELLINK,
      message: deleteLinkMessage(index),
      isNew: false,
      action: 'delete the link',
      fields: { linkIndex: index },
    });
  }

  async addAddress(address: Parameters<Rtnetlink['addAddress']>[0]): Promise<void> {
    const fields = { address: address.address, linkIndex: address.linkIndex };
    await this.#requests.change({
      type: RTM.NEWADDR,
      message: addAddressMessage(address),
      isNew: true,
      action: 'add the address',
      fields,
    });
  }

  async deleteAddress(address: Parameters<Rtnetlink['deleteAddress']>[0]): Promise<void> {
    const message = deleteAddressMessage(address.linkIndex, address.address);
    await this.#requests.change({
      type: RTM.DELADDR,
      message,
      isNew: false,
      action: 'delete the address',
      fields: { ...address },
    });
  }

  async addRoute(route: Parameters<Rtnetlink['addRoute']>[0]): Promise<void> {
    await this.#requests.change({
      type: RTM.NEWROUTE,
      message: routeMessage(route),
      isNew: true,
      action: 'add the route',
      fields: { ...route },
    });
  }

  async deleteRoute(route: Parameters<Rtnetlink['deleteRoute']>[0]): Promise<void> {
    await this.#requests.change({
      type: RTM.DELROUTE,
      message: routeMessage(route),
      isNew: false,
      action: 'delete the route',
      fields: { ...route },
    });
  }

  events(signal: AbortSignal): AsyncIterable<NetworkEvent> {
    return this.#fan.events(signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope.close();
  }

  async #names(): Promise<ReadonlyMap<number, string>> {
    return new Map((await this.links()).map((link) => [link.index, link.name]));
  }
}
