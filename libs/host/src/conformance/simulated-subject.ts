import type { Rtnetlink } from '../port/rtnetlink.ts';
import { RT_SCOPE, RT_TABLE, RTN } from '../rtnetlink/rtnetlink-constants.ts';
import { SimulatedNetwork } from '../simulated/rtnetlink/simulated-network.ts';
import type { RtnetlinkSubject } from './rtnetlink-subject.ts';

/** The simulation. */
export async function simulatedSubject(): Promise<RtnetlinkSubject> {
  const network = new SimulatedNetwork();
  const rtnetlink = network.open();
  const other = network.open({ protocol: 0 });
  return {
    rtnetlink,
    addForeignAddress: async (linkName, address) =>
      other.addAddress({ linkIndex: await indexOf(other, linkName), address, scope: 0, priority: 0, flags: 0 }),
    addForeignRoute: async (destination, linkName) =>
      other.addRoute({
        family: 'inet4',
        destination,
        gateway: '',
        source: '',
        outLinkIndex: await indexOf(other, linkName),
        table: RT_TABLE.MAIN,
        priority: 0,
        scope: RT_SCOPE.LINK,
        type: RTN.UNICAST,
        mtu: 0,
      }),
    [Symbol.asyncDispose]: async () => {
      await rtnetlink[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
    },
  };
}

async function indexOf(rtnetlink: Rtnetlink, name: string): Promise<number> {
  return (await rtnetlink.links()).find((link) => link.name === name)?.index ?? 0;
}
