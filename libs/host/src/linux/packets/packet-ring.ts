import type { CapturedPacket } from '../../port/packets.ts';

/** How the ring is laid out: blocks that the kernel fills with packets and hands over one by one. */
export const RING = { blockBytes: 256 * 1024, blocks: 16, retireMs: 40 } as const;

/** Offsets in struct tpacket_block_desc and tpacket3_hdr, and flags (linux/if_packet.h). */
const BLOCK = { status: 8, packets: 12, first: 16 } as const;
const PACKET = {
  next: 0,
  seconds: 4,
  nanoseconds: 8,
  captured: 12,
  length: 16,
  status: 20,
  mac: 24,
  vlan: 32,
  vlanProtocol: 36,
} as const;
const STATUS_KERNEL = 0;
const STATUS_USER = 1;
const STATUS_VLAN = 1 << 4;
const STATUS_VLAN_PROTOCOL = 1 << 6;
const VLAN_PROTOCOL = 0x8100;
/** Where the tag stands that the kernel took out: behind both addresses. */
const TAG_AT = 12;

/** What one packet socket shares with the kernel (TPACKET_V3, Documentation/networking/packet_mmap.rst). */
export class PacketRing {
  readonly #memory: Buffer;
  readonly #snapBytes: number;
  #block = 0;

  constructor(memory: Buffer, snapBytes: number) {
    this.#memory = memory;
    this.#snapBytes = snapBytes;
  }

  /** The packets of the next block, copied out of it, and the block given back; undefined when the kernel still fills it. */
  takeBlock(): readonly CapturedPacket[] | undefined {
    const block = this.#memory.subarray(this.#block * RING.blockBytes, (this.#block + 1) * RING.blockBytes);
    if ((block.readUInt32LE(BLOCK.status) & STATUS_USER) === 0) return undefined;
    const packets: CapturedPacket[] = [];
    let at = block.readUInt32LE(BLOCK.first);
    for (let left = block.readUInt32LE(BLOCK.packets); left > 0; left--) {
      packets.push(this.#packetAt(block, at));
      at += block.readUInt32LE(at + PACKET.next);
    }
    block.writeUInt32LE(STATUS_KERNEL, BLOCK.status);
    this.#block = (this.#block + 1) % RING.blocks;
    return packets;
  }

  #packetAt(block: Buffer, at: number): CapturedPacket {
    const captured = block.readUInt32LE(at + PACKET.captured);
    const wire = block.readUInt32LE(at + PACKET.length);
    const from = at + block.readUInt16LE(at + PACKET.mac);
    const raw = block.subarray(from, from + captured);
    const tag = tagOf(block, at);
    const whole = tag === undefined ? raw : Buffer.concat([raw.subarray(0, TAG_AT), tag, raw.subarray(TAG_AT)]);
    const us = BigInt(block.readUInt32LE(at + PACKET.seconds)) * 1_000_000n;
    return {
      atUs: us + BigInt(Math.floor(block.readUInt32LE(at + PACKET.nanoseconds) / 1000)),
      bytes: Buffer.from(whole.subarray(0, this.#snapBytes)),
      wireBytes: wire + (tag?.length ?? 0),
    };
  }
}

/** The VLAN tag of a packet, as it went over the link. */
function tagOf(block: Buffer, at: number): Buffer | undefined {
  const status = block.readUInt32LE(at + PACKET.status);
  if ((status & STATUS_VLAN) === 0) return undefined;
  const tag = Buffer.alloc(4);
  const hasProtocol = (status & STATUS_VLAN_PROTOCOL) !== 0;
  tag.writeUInt16BE(hasProtocol ? block.readUInt16LE(at + PACKET.vlanProtocol) : VLAN_PROTOCOL, 0);
  tag.writeUInt16BE(block.readUInt32LE(at + PACKET.vlan) & 0xffff, 2);
  return tag;
}
