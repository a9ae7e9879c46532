import { getSystemErrorName } from 'node:util';
import { type Clock, Fault, type FaultKind, isFault } from '@minos/base';
import { errnoError } from '../../errno-error.ts';
import type { BpfStep, Capture, CapturedPacket, CaptureOptions, PacketSource } from '../../port/packets.ts';
import { type MappedRing, type PacketCalls, packetCalls } from '../native/packet-calls.ts';
import { PacketRing, RING } from './packet-ring.ts';

const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const ETH_P_ALL = 0x0003;
const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_RX_RING = 5;
const PACKET_STATISTICS = 6;
const PACKET_VERSION = 10;
const TPACKET_V3 = 2;
const MEMBERSHIP_PROMISCUOUS = 1;
/** Of struct sockaddr_ll. */
const ADDRESS_BYTES = 20;
const FRAME_BYTES = 2048;
/** How often the ring is looked at: no thread waits for it. */
const LOOK_MS = 20;

/** Packet sockets of this machine, each with a ring of 4 MiB. */
export class LinuxPackets implements PacketSource {
  readonly #clock: Clock;
  #calls: Promise<PacketCalls> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async capture(options: CaptureOptions): Promise<Capture> {
    this.#calls ??= packetCalls();
    const c = await this.#calls;
    const index = c.ifNameToIndex(options.link);
    if (index === 0) throw new Fault('missing', `there is no link ${options.link}`, { link: options.link });
    // Without a protocol nothing comes in until it is bound, so nothing gets past the filter.
    const fd = check(c, 'socket', c.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    try {
      if (options.filter.length > 0) attachFilter(c, fd, options.filter);
      const ring = makeRing(c, fd);
      try {
        bindTo(c, fd, { index, isPromiscuous: options.isPromiscuous });
        return new LinuxCapture({ c, fd, ring, snapBytes: options.snapBytes, clock: this.#clock });
      } catch (e) {
        ring.unmap();
        throw e;
      }
    } catch (e) {
      c.close(fd);
      throw e;
    }
  }
}

interface CaptureParts {
  readonly c: PacketCalls;
  readonly fd: number;
  readonly ring: MappedRing;
  readonly snapBytes: number;
  readonly clock: Clock;
}

class LinuxCapture implements Capture {
  readonly hardwareType: number;
  readonly #parts: CaptureParts;
  readonly #packets: PacketRing;
  #isClosed = false;

  constructor(parts: CaptureParts) {
    this.#parts = parts;
    this.#packets = new PacketRing(parts.ring.memory, parts.snapBytes);
    this.hardwareType = hardwareTypeOf(parts.c, parts.fd);
  }

  async *packets(signal: AbortSignal): AsyncGenerator<readonly CapturedPacket[], void, undefined> {
    while (!signal.aborted && !this.#isClosed) {
      const packets = this.#packets.takeBlock();
      if (packets === undefined) {
        if (!(await this.#pause(signal))) return;
      } else if (packets.length > 0) yield packets;
    }
  }

  async takeDropped(): Promise<number> {
    if (this.#isClosed) return 0;
    // struct tpacket_stats_v3: packets, drops, freezes; reading it sets it to zero.
    const stats = Buffer.alloc(12);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(stats.length);
    const { c, fd } = this.#parts;
    check(c, 'getsockopt', c.getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, stats, length));
    return stats.readUInt32LE(4);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#parts.ring.unmap();
    this.#parts.c.close(this.#parts.fd);
  }

  /** False when aborted meanwhile. */
  async #pause(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#parts.clock.sleep(LOOK_MS, signal);
      return true;
    } catch (e) {
      if (isFault(e, 'cancelled')) return false;
      throw e;
    }
  }
}

function attachFilter(c: PacketCalls, fd: number, filter: readonly BpfStep[]): void {
  const program = Buffer.alloc(filter.length * 8);
  for (const [i, { op, jt, jf, k }] of filter.entries()) {
    if (!isWithin(op, 0xffff) || !isWithin(jt, 0xff) || !isWithin(jf, 0xff) || !isWithin(k, 0xffffffff)) {
      throw new Fault('invalid', `instruction ${i} of the filter has a number that is too large`);
    }
    program.writeUInt16LE(op, i * 8);
    program.writeUInt8(jt, i * 8 + 2);
    program.writeUInt8(jf, i * 8 + 3);
    program.writeUInt32LE(k, i * 8 + 4);
  }
  const header = Buffer.alloc(16);
  header.writeUInt16LE(Math.min(filter.length, 0xffff), 0);
  header.writeBigUInt64LE(c.addressOf(program), 8);
  check(c, 'setsockopt', c.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, header, header.length), {
    EINVAL: ['invalid', 'the filter is no program that the kernel takes'],
  });
}

function makeRing(c: PacketCalls, fd: number): MappedRing {
  const version = Buffer.alloc(4);
  version.writeInt32LE(TPACKET_V3);
  check(c, 'setsockopt', c.setsockopt(fd, SOL_PACKET, PACKET_VERSION, version, version.length));
  const { blockBytes, blocks, retireMs } = RING;
  const request = Buffer.alloc(28);
  for (const [i, value] of [blockBytes, blocks, FRAME_BYTES, (blockBytes / FRAME_BYTES) * blocks, retireMs, 0, 0].entries()) {
    request.writeUInt32LE(value, i * 4);
  }
  check(c, 'setsockopt', c.setsockopt(fd, SOL_PACKET, PACKET_RX_RING, request, request.length));
  const ring = c.map(fd, blockBytes * blocks);
  if (ring === undefined) throw new Fault('exhausted', 'there is no memory for another capture');
  return ring;
}

function bindTo(c: PacketCalls, fd: number, to: { readonly index: number; readonly isPromiscuous: boolean }): void {
  if (to.isPromiscuous) {
    const membership = Buffer.alloc(16);
    membership.writeInt32LE(to.index, 0);
    membership.writeUInt16LE(MEMBERSHIP_PROMISCUOUS, 4);
    check(c, 'setsockopt', c.setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership, membership.length));
  }
  const address = Buffer.alloc(ADDRESS_BYTES);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(ETH_P_ALL, 2);
  address.writeInt32LE(to.index, 4);
  check(c, 'bind', c.bind(fd, address, address.length), { ENETDOWN: ['precondition', 'the link is down'] });
}

function hardwareTypeOf(c: PacketCalls, fd: number): number {
  const address = Buffer.alloc(ADDRESS_BYTES);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(address.length);
  check(c, 'getsockname', c.getsockname(fd, address, length));
  return address.readUInt16LE(8);
}

function isWithin(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most;
}

const KINDS: Readonly<Record<string, readonly [FaultKind, string]>> = {
  EPERM: ['denied', 'this process may not look at packets: it lacks CAP_NET_RAW'],
  ENOMEM: ['exhausted', 'there is no memory for another capture'],
};

/** The result of a call; throws a Fault when it is negative. */
function check(c: PacketCalls, call: string, result: number, known: typeof KINDS = {}): number {
  if (result >= 0) return result;
  const name = getSystemErrorName(-c.errno());
  const [kind, why] = known[name] ?? KINDS[name] ?? ['unavailable', 'packets cannot be captured'];
  throw new Fault(kind, why, {}, { cause: errnoError(name, call, 'packet socket') });
}
