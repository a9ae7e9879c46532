import { type Clock, Fault } from '@minos/base';
import type { Capture, CapturedPacket, CaptureOptions, PacketSource } from '../../port/packets.ts';
import { Waiters } from '../waiters.ts';
import { checkFilter, runFilter } from './run-filter.ts';

/** Packets that may wait for their reader. */
const KEPT = 1000;

/** What the packets of a simulated machine go over. */
export interface PacketLink {
  readonly hardwareType: number;
}

/** Packets that whoever plays the world sends. */
export class SimulatedPackets implements PacketSource {
  readonly #clock: Clock;
  readonly #linkOf: (name: string) => Promise<PacketLink | undefined>;
  readonly #captures = new Set<SimulatedCapture>();

  constructor(clock: Clock, linkOf: (name: string) => Promise<PacketLink | undefined>) {
    this.#clock = clock;
    this.#linkOf = linkOf;
  }

  async capture(options: CaptureOptions): Promise<Capture> {
    const link = await this.#linkOf(options.link);
    if (link === undefined) throw new Fault('missing', `there is no link ${options.link}`, { link: options.link });
    if (options.filter.length > 0) checkFilter(options.filter);
    const capture = new SimulatedCapture(options, link.hardwareType, () => this.#captures.delete(capture));
    this.#captures.add(capture);
    return capture;
  }

  /** Lets a packet go over a link. */
  send(link: string, packet: Buffer): void {
    for (const capture of this.#captures) capture.offer(link, packet, BigInt(Math.floor(this.#clock.now())) * 1000n);
  }
}

class SimulatedCapture implements Capture {
  readonly hardwareType: number;
  readonly #options: CaptureOptions;
  readonly #onClose: () => void;
  readonly #arrived = new Waiters();
  #waiting: CapturedPacket[] = [];
  #dropped = 0;
  #isClosed = false;

  constructor(options: CaptureOptions, hardwareType: number, onClose: () => void) {
    this.#options = options;
    this.hardwareType = hardwareType;
    this.#onClose = onClose;
  }

  offer(link: string, packet: Buffer, atUs: bigint): void {
    const { filter, snapBytes } = this.#options;
    const taken = filter.length === 0 ? packet.length : runFilter(filter, packet);
    if (link !== this.#options.link || taken === 0) return;
    const bytes = Buffer.from(packet.subarray(0, Math.min(taken, snapBytes)));
    if (this.#waiting.length >= KEPT) this.#dropped++;
    else this.#waiting.push({ atUs, bytes, wireBytes: packet.length });
    this.#arrived.wake();
  }

  async *packets(signal: AbortSignal): AsyncGenerator<readonly CapturedPacket[], void, undefined> {
    while (!signal.aborted && !this.#isClosed) {
      if (this.#waiting.length === 0) await this.#arrived.wait(signal);
      const packets = this.#waiting;
      this.#waiting = [];
      if (packets.length > 0) yield packets;
    }
  }

  async takeDropped(): Promise<number> {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#onClose();
    this.#arrived.wake();
  }
}
