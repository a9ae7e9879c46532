import type { CapturedPacket } from '@minos/host';

const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const HEADER_BYTES = 24;
const RECORD_BYTES = 16;

/** LINKTYPE_* of a pcap stream by ARPHRD_* of a link; those without an entry begin with Ethernet headers. */
const LINK_TYPE: Readonly<Record<number, number>> = {
  // Tunnels of IP, and links without a header at all: the packet itself.
  65534: 101,
  768: 101,
  776: 101,
  519: 101,
};
const ETHERNET = 1;

/** The beginning of a classic pcap stream (draft-ietf-opsawg-pcap); pure. */
export function pcapHeader(snapBytes: number, hardwareType: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(MAGIC_MICROSECONDS, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(snapBytes, 16);
  header.writeUInt32LE(LINK_TYPE[hardwareType] ?? ETHERNET, 20);
  return header;
}

/** Packets as records of such a stream; pure. */
export function pcapRecords(packets: readonly CapturedPacket[]): Buffer {
  return Buffer.concat(
    packets.flatMap(({ atUs, bytes, wireBytes }) => {
      const head = Buffer.alloc(RECORD_BYTES);
      head.writeUInt32LE(Number((atUs / 1_000_000n) & 0xffffffffn), 0);
      head.writeUInt32LE(Number(atUs % 1_000_000n), 4);
      head.writeUInt32LE(bytes.length, 8);
      head.writeUInt32LE(wireBytes, 12);
      return [head, bytes];
    }),
  );
}
