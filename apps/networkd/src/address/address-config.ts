import type { AddressSpecSpec } from '@minos/api/resource-specs';
import { formatNetIpPrefix } from '@minos/resource';

/** An address as it is wanted. */
export interface AddressConfig {
  /** Name, alternative name or alias of the link. */
  readonly linkName: string;
  /** Canonical, with prefix length. */
  readonly address: string;
  readonly family: 'inet4' | 'inet6';
  readonly scope: number;
  /** IFA_F_* that a user may set. */
  readonly flags: number;
  readonly priority: number;
}

/** IFA_F_NODAD, HOMEADDRESS, MANAGETEMPADDR, NOPREFIXROUTE, MCAUTOJOIN: what a user sets and the kernel keeps. */
export const KEPT_FLAGS = 0x02 | 0x10 | 0x100 | 0x200 | 0x400;
/** IFA_F_OPTIMISTIC: set by a user, cleared by the kernel when duplicate address detection is over. */
const OPTIMISTIC = 0x04;

/** Reads an AddressSpec; undefined when it has no address. Flags that the kernel manages are left out. */
export function addressConfigOf(spec: AddressSpecSpec): AddressConfig | undefined {
  const address = formatNetIpPrefix(spec.address);
  if (address === '' || spec.linkName === '') return undefined;
  const family = spec.address?.ip.length === 4 ? 'inet4' : 'inet6';
  const settable = family === 'inet6' ? KEPT_FLAGS | OPTIMISTIC : KEPT_FLAGS;
  return { linkName: spec.linkName, address, family, scope: spec.scope, flags: spec.flags & settable, priority: spec.priority };
}
