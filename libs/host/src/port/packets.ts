/** One instruction of a classic BPF program (linux/filter.h). */
export interface BpfStep {
  readonly op: number;
  /** How many instructions to skip when a jump is taken, and when not. */
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

/** What to capture. */
export interface CaptureOptions {
  readonly link: string;
  /** Also packets that are not for this machine. */
  readonly isPromiscuous: boolean;
  /** At most so many bytes of each packet. */
  readonly snapBytes: number;
  /** Everything when it is empty. */
  readonly filter: readonly BpfStep[];
}

/** A packet as it went over the link, its header included. */
export interface CapturedPacket {
  /** Microseconds since 1970. */
  readonly atUs: bigint;
  /** Its first bytes. */
  readonly bytes: Buffer;
  /** How long it was. */
  readonly wireBytes: number;
}

/** Packets that go over a link, until it is disposed. */
export interface Capture extends AsyncDisposable {
  /** ARPHRD_* (linux/if_arp.h): what the packets begin with. */
  readonly hardwareType: number;
  /** Some packets at a time, from the moment that the capture was opened, until aborted. What a slow reader does not take is dropped by a ring of fixed size. */
  packets(signal: AbortSignal): AsyncIterable<readonly CapturedPacket[]>;
  /** How many packets were dropped since this was asked last. */
  takeDropped(): Promise<number>;
}

/** Looks at what goes over the links (packet(7)). */
export interface PacketSource {
  /** Begins to capture; throws a Fault `missing` when there is no such link, `invalid` when the filter is no program. */
  capture(options: CaptureOptions): Promise<Capture>;
}
