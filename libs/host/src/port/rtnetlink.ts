/** A link as the kernel has it. */
export interface Link {
  readonly index: number;
  readonly name: string;
  /** Alternative names (IFLA_PROP_LIST); what Minos makes carries one that starts with `minos-`. */
  readonly altNames: readonly string[];
  /** `ether`, `loopback`, … from the ARP hardware type. */
  readonly type: string;
  /** IFLA_INFO_KIND: `veth`, `bridge`, `vlan`, …; empty for a physical link. */
  readonly kind: string;
  /** IFLA_INFO_SLAVE_KIND: the kind of its master when it has one. */
  readonly slaveKind: string;
  /** IFLA_IFALIAS: a free text that may stand for the name. */
  readonly alias: string;
  /** IFF_* (linux/if.h). */
  readonly flags: number;
  readonly mtu: number;
  readonly operState: 'unknown' | 'notpresent' | 'down' | 'lowerlayerdown' | 'testing' | 'dormant' | 'up';
  readonly hardwareAddress: string;
  readonly permanentAddress: string;
  readonly broadcastAddress: string;
  readonly queueDiscipline: string;
  readonly masterIndex: number;
  /** IFLA_LINK: the parent of a VLAN, the peer of a veth. */
  readonly linkIndex: number;
}

export type Family = 'inet4' | 'inet6';

/** An address as the kernel has it. */
export interface LinkAddress {
  readonly family: Family;
  /** `10.5.0.2/24`, `fd00::1/64`: canonical text. */
  readonly address: string;
  readonly local: string;
  readonly broadcast: string;
  readonly linkIndex: number;
  readonly linkName: string;
  /** RT_SCOPE_*: 0 global, 200 site, 253 link, 254 host. */
  readonly scope: number;
  readonly flags: number;
  /** IFA_PROTO; what networkd makes carries 98 ('b'), 0 when the kernel does not know the attribute. */
  readonly protocol: number;
  readonly priority: number;
}

/** A route as the kernel has it. */
export interface Route {
  readonly family: Family;
  /** Prefix in canonical text; empty for the default route. */
  readonly destination: string;
  readonly gateway: string;
  readonly source: string;
  readonly outLinkIndex: number;
  readonly outLinkName: string;
  readonly table: number;
  readonly priority: number;
  readonly scope: number;
  readonly type: number;
  readonly flags: number;
  /** RTPROT_*; what networkd makes carries 98. */
  readonly protocol: number;
  readonly mtu: number;
}

/** What rtnetlink(7) reports when something changes; `lost` means that messages were dropped (ENOBUFS) and all must be listed again. */
export type NetworkEvent = { readonly kind: 'link' | 'address' | 'route' | 'lost' };

/** Changes to the kernel's network. Errors are Faults that name the object; `exists` and `missing` for EEXIST, ENOENT, ENODEV, ESRCH. */
export interface Rtnetlink extends AsyncDisposable {
  links(): Promise<readonly Link[]>;
  addresses(): Promise<readonly LinkAddress[]>;
  routes(): Promise<readonly Route[]>;
  setLink(
    index: number,
    change: { readonly up?: boolean; readonly mtu?: number; readonly name?: string; readonly addAltName?: string },
  ): Promise<void>;
  /** Kinds that need more than a name come with their issue. */
  createLink(link: {
    readonly name: string;
    readonly kind: 'dummy' | 'bridge' | 'veth';
    readonly peerName?: string;
    readonly altName: string;
  }): Promise<void>;
  deleteLink(index: number): Promise<void>;
  /** Marked with protocol 98. IPv4 gets its broadcast address (none for /31 and /32). */
  addAddress(address: AddressChange): Promise<void>;
  deleteAddress(address: { readonly linkIndex: number; readonly address: string }): Promise<void>;
  addRoute(route: RouteChange): Promise<void>;
  deleteRoute(route: RouteChange): Promise<void>;
  /** Coalesced; from the moment of the call, until aborted. Several readers may each have one. */
  events(signal: AbortSignal): AsyncIterable<NetworkEvent>;
}

/** What makes an address. */
export interface AddressChange {
  readonly linkIndex: number;
  /** With prefix length: `10.5.0.2/24`. */
  readonly address: string;
  readonly scope: number;
  /** Metric of the connected route; 0 for the kernel's own. */
  readonly priority: number;
  /** IFA_F_* that a user may set, such as 0x02 (no duplicate address detection). */
  readonly flags: number;
}

/** The part of a route that identifies and makes it; networkd's protocol number (98) is added by the port, and only a route with it can be deleted. */
export interface RouteChange {
  readonly family: Family;
  readonly destination: string;
  readonly gateway: string;
  readonly source: string;
  readonly outLinkIndex: number;
  readonly table: number;
  readonly priority: number;
  readonly scope: number;
  readonly type: number;
  readonly mtu: number;
}
