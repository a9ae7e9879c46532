import { parseIp } from '@minos/base';

const AT_SECONDS = 1_700_000_000;

/** A packet of Ethernet, IPv4 and UDP without contents. */
export function udpPacket(from: string, fromPort: number, to: string, toPort: number): Buffer {
  const packet = Buffer.alloc(42);
  packet.writeUInt16BE(0x0800, 12);
  packet.writeUInt8(0x45, 14);
  packet.writeUInt8(17, 23);
  parseIp(from)?.copy(packet, 26);
  parseIp(to)?.copy(packet, 30);
  packet.writeUInt16BE(fromPort, 34);
  packet.writeUInt16BE(toPort, 36);
  return packet;
}

/** A capture of Ethernet packets, all of the same moment. */
export function pcapStream(packets: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt32LE(1, 20);
  const records = packets.map((packet) => {
    const head = Buffer.alloc(16);
    head.writeUInt32LE(AT_SECONDS, 0);
    head.writeUInt32LE(packet.length, 8);
    head.writeUInt32LE(packet.length, 12);
    return Buffer.concat([head, packet]);
  });
  return Buffer.concat([header, ...records]);
}
