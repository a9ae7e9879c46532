import type { MachineServiceDefinition } from '@minos/api/machine';
import { Fault, type Logger } from '@minos/base';
import type { Host } from '@minos/host';
import type { Implementation } from '@minos/rpc';
import { pcapHeader, pcapRecords } from '../../packets/pcap.ts';

/** What the handler needs. */
export interface PacketsDeps {
  readonly host: Pick<Host, 'packets'>;
  readonly log: Logger;
}

const SNAP_BYTES = 65_535;
/** Each holds memory of the kernel. */
const MOST_CAPTURES = 8;

/** PacketCapture: a pcap stream until the caller leaves. A caller that reads too slowly loses packets, and the node nothing. */
export function packetHandlers(
  { host, log }: PacketsDeps,
  lifetime: AbortSignal,
): Pick<Implementation<typeof MachineServiceDefinition>, 'PacketCapture'> {
  let running = 0;
  return {
    PacketCapture: async function* (request, context) {
      if (running >= MOST_CAPTURES) throw new Fault('exhausted', `${running} captures run already; end one of them first`);
      running++;
      try {
        const signal = AbortSignal.any([context.signal, lifetime]);
        const snapBytes = request.snapLen === 0 ? SNAP_BYTES : Math.min(request.snapLen, SNAP_BYTES);
        const { interface: link, promiscuous: isPromiscuous, bpfFilter: filter } = request;
        await using capture = await host.packets.capture({ link, isPromiscuous, snapBytes, filter });
        log.info({ link, peer: context.peer }, 'a capture of packets begins');
        yield { metadata: undefined, bytes: pcapHeader(snapBytes, capture.hardwareType) };
        for await (const packets of capture.packets(signal)) yield { metadata: undefined, bytes: pcapRecords(packets) };
        log.info({ link, dropped: await capture.takeDropped() }, 'a capture of packets has ended');
        if (lifetime.aborted) throw new Fault('unavailable', 'the node is stopping');
      } finally {
        running--;
      }
    },
  };
}
