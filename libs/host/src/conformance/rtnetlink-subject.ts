import type { Rtnetlink } from '../port/rtnetlink.ts';

/** One network to try an implementation of the port on: nothing but `lo`, which is down, IPv6 on, secondary addresses not promoted. */
export interface RtnetlinkSubject extends AsyncDisposable {
  readonly rtnetlink: Rtnetlink;
  /** Another hand than networkd's: what it makes carries no mark. */
  addForeignAddress(linkName: string, address: string): Promise<void>;
  addForeignRoute(destination: string, linkName: string): Promise<void>;
}
