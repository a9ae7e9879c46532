import type { Link, LinkAddress, Route, Rtnetlink } from '@minos/host';

/** The kernel's network at one moment. */
export interface NetworkSnapshot {
  readonly links: readonly Link[];
  readonly addresses: readonly LinkAddress[];
  readonly routes: readonly Route[];
}

/** Lists everything. */
export async function observeNetwork(rtnetlink: Rtnetlink): Promise<NetworkSnapshot> {
  const [links, addresses, routes] = await Promise.all([rtnetlink.links(), rtnetlink.addresses(), rtnetlink.routes()]);
  return { links, addresses, routes };
}
