import { Fault } from '@minos/base';

/** One packet of a pcap stream. */
export interface PcapPacket {
  readonly atMs: number;
  readonly bytes: Buffer;
  /** How long it was on the link. */
  readonly wireBytes: number;
}

const MAGIC = 0xa1b2c3d4;
const HEADER_BYTES = 24;
const RECORD_BYTES = 16;
const MOST_BYTES = 1 << 20;

/** Takes a classic pcap stream apart, wherever its pieces end. */
export class PcapReader {
  #rest: Buffer = Buffer.alloc(0);
  #linkType: number | undefined;

  /** LINKTYPE_* of the packets; undefined until the beginning of the stream has come. */
  get linkType(): number | undefined {
    return this.#linkType;
  }

  /** The packets that this piece completes; throws `data-loss` when it is no such stream. */
  push(piece: Buffer): PcapPacket[] {
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    if (this.#linkType === undefined && !this.#readHeader()) return [];
    const packets: PcapPacket[] = [];
    for (let packet = this.#readPacket(); packet !== undefined; packet = this.#readPacket()) packets.push(packet);
    return packets;
  }

  #readHeader(): boolean {
    if (this.#rest.length < HEADER_BYTES) return false;
    if (this.#rest.readUInt32LE(0) !== MAGIC) throw new Fault('data-loss', 'what came is no capture of packets');
    this.#linkType = this.#rest.readUInt32LE(20);
    this.#rest = this.#rest.subarray(HEADER_BYTES);
    return true;
  }

  #readPacket(): PcapPacket | undefined {
    if (this.#rest.length < RECORD_BYTES) return undefined;
    const captured = this.#rest.readUInt32LE(8);
    if (captured > MOST_BYTES) throw new Fault('data-loss', 'the capture is damaged: a packet is too large');
    if (this.#rest.length < RECORD_BYTES + captured) return undefined;
    const atMs = this.#rest.readUInt32LE(0) * 1000 + this.#rest.readUInt32LE(4) / 1000;
    const wireBytes = this.#rest.readUInt32LE(12);
    const bytes = this.#rest.subarray(RECORD_BYTES, RECORD_BYTES + captured);
    this.#rest = this.#rest.subarray(RECORD_BYTES + captured);
    return { atMs, bytes, wireBytes };
  }
}
