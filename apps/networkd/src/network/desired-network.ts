import type { AddressSpecSpec, HostnameSpecSpec, LinkSpecSpec, ResolverSpecSpec, RouteSpecSpec } from '@minos/api/resource-specs';
import {
  addressSpecType,
  hostnameSpecType,
  linkSpecType,
  type ResourceType,
  resolverSpecType,
  routeSpecType,
  type StateReader,
} from '@minos/resource';
import { type AddressConfig, addressConfigOf } from '../address/address-config.ts';
import { type LinkConfig, linkConfigOf } from '../link/link-config.ts';
import { type RouteConfig, routeConfigOf } from '../route/route-config.ts';

/** The network as it is wanted. */
export interface DesiredNetwork {
  readonly links: readonly LinkConfig[];
  readonly addresses: readonly AddressConfig[];
  readonly routes: readonly RouteConfig[];
  readonly hostname: HostnameSpecSpec | undefined;
  readonly resolvers: ResolverSpecSpec | undefined;
}

/** Follows the wanted network in the state. What was known last stands while the state is away. */
export class DesiredNetworkWatch {
  readonly #state: StateReader;
  readonly #changed: () => void;
  readonly #links = new Map<string, LinkSpecSpec>();
  readonly #addresses = new Map<string, AddressSpecSpec>();
  readonly #routes = new Map<string, RouteSpecSpec>();
  readonly #hostnames = new Map<string, HostnameSpecSpec>();
  readonly #resolvers = new Map<string, ResolverSpecSpec>();
  #isIncomplete = 5;

  /** Calls `changed` after every change, once all is known. */
  constructor(state: StateReader, changed: () => void) {
    this.#state = state;
    this.#changed = changed;
  }

  /** What is wanted; undefined until every kind has been listed, so that nothing is taken as unwanted too early. */
  current(): DesiredNetwork | undefined {
    if (this.#isIncomplete > 0) return undefined;
    return {
      links: [...this.#links.values()].map(linkConfigOf),
      addresses: [...this.#addresses.values()].map(addressConfigOf).filter((config) => config !== undefined),
      routes: [...this.#routes.values()].map(routeConfigOf),
      hostname: this.#hostnames.get('hostname'),
      resolvers: this.#resolvers.get('resolvers'),
    };
  }

  /** Follows until aborted; throws when the state refuses. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.#follow(linkSpecType, this.#links, signal),
      this.#follow(addressSpecType, this.#addresses, signal),
      this.#follow(routeSpecType, this.#routes, signal),
      this.#follow(hostnameSpecType, this.#hostnames, signal),
      this.#follow(resolverSpecType, this.#resolvers, signal),
    ]);
  }

  async #follow<S>(type: ResourceType<S>, known: Map<string, S>, signal: AbortSignal): Promise<void> {
    let isListed = false;
    for await (const event of this.#state.watch(type, {}, signal)) {
      if (event.kind === 'bootstrapped') {
        if (!isListed) this.#isIncomplete -= 1;
        isListed = true;
      } else if (event.kind === 'destroyed' || event.resource.metadata.phase === 'tearingDown') {
        known.delete(event.resource.metadata.id);
      } else {
        known.set(event.resource.metadata.id, event.resource.spec);
      }
      if (this.#isIncomplete === 0) this.#changed();
    }
  }
}
