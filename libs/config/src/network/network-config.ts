/** An address of a link. */
export interface LinkAddress {
  /** `10.5.0.2/24`. */
  readonly prefix: string;
  /** Metric of the route to its subnet; undefined leaves it to the kernel. */
  readonly priority: number | undefined;
}

/** A route over a link. */
export interface LinkRoute {
  readonly family: 4 | 6;
  /** `10.0.0.0/8`; undefined for the default route. */
  readonly destination: string | undefined;
  readonly gateway: string | undefined;
  readonly source: string | undefined;
  readonly metric: number;
  readonly mtu: number;
  readonly table: number;
}

/** What a link is, where it is one that we make ourselves. */
export type LinkMake =
  | { readonly kind: 'dummy' }
  | { readonly kind: 'vlan'; readonly parent: string; readonly vlanId: number; readonly protocol: '802.1q' | '802.1ad' }
  | { readonly kind: 'bridge'; readonly members: readonly string[]; readonly hasStp: boolean; readonly isVlanFiltering: boolean };

/** A link that the configuration speaks of. */
export interface LinkConfig {
  readonly name: string;
  /** Undefined for one that must be there already. */
  readonly make: LinkMake | undefined;
  readonly isUp: boolean;
  /** 0 leaves it as it is. */
  readonly mtu: number;
  readonly hasMulticast: boolean;
  readonly addresses: readonly LinkAddress[];
  readonly routes: readonly LinkRoute[];
}

/** A name server; other protocols than plain DNS are kept for those who can speak them. */
export interface NameServer {
  readonly address: string;
  readonly protocol: 'Do53' | 'DoT' | 'DoH';
  readonly tlsServerName: string;
}

/** An additional line of the hosts file. */
export interface StaticHost {
  readonly address: string;
  readonly names: readonly string[];
}

/** What the configuration says about the network, from the documents of either line. */
export interface NetworkConfig {
  /** Host name, with its domain if it has one; undefined when it is to be made from the node's identity, or left alone. */
  readonly hostname: string | undefined;
  /** Whether a node without a configured name is to have a stable one of its own. */
  readonly isHostnameAutomatic: boolean;
  readonly links: readonly LinkConfig[];
  readonly nameServers: readonly NameServer[];
  readonly searchDomains: readonly string[];
  /** Whether the search domains here, even if there are none, replace those from elsewhere. */
  readonly areSearchDomainsOverridden: boolean;
  readonly staticHosts: readonly StaticHost[];
}
