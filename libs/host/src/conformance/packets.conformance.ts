import assert from 'node:assert/strict';
import { isFault, systemClock } from '@minos/base';
import type { BpfStep, CapturedPacket, CaptureOptions, PacketSource } from '../port/packets.ts';
import { type ConformanceCase, neverAborted } from './conformance-case.ts';

/** A source, and a way to let datagrams go over its link `lo`: Ethernet, IPv4 and UDP headers (42 bytes), then the text. */
export interface PacketsSubject {
  readonly packets: PacketSource;
  send(text: string): Promise<void>;
}

const HEADERS_BYTES = 42;
const ALL: CaptureOptions = { link: 'lo', isPromiscuous: false, snapBytes: 65_535, filter: [] };
/** Only packets whose first byte of text is `b`. */
const FROM_B: readonly BpfStep[] = [
  { op: 0x30, jt: 0, jf: 0, k: HEADERS_BYTES },
  { op: 0x15, jt: 0, jf: 1, k: 0x62 },
  { op: 0x06, jt: 0, jf: 0, k: 0xffffffff },
  { op: 0x06, jt: 0, jf: 0, k: 0 },
];
/** It jumps out of itself. */
const NO_PROGRAM: readonly BpfStep[] = [
  { op: 0x15, jt: 9, jf: 9, k: 0 },
  { op: 0x06, jt: 0, jf: 0, k: 0 },
];

function textOf({ bytes }: CapturedPacket): string {
  return bytes.toString('utf8', HEADERS_BYTES);
}

/** Sends again and again until a packet comes through. */
async function firstPacket(
  { packets, send }: PacketsSubject,
  options: CaptureOptions,
  ...texts: readonly string[]
): Promise<CapturedPacket> {
  await using capture = await packets.capture(options);
  const stop = new AbortController();
  const sending = (async () => {
    while (!stop.signal.aborted) {
      for (const text of texts) await send(text);
      await systemClock.sleep(20, neverAborted());
    }
  })();
  try {
    for await (const [packet] of capture.packets(AbortSignal.timeout(10_000))) if (packet !== undefined) return packet;
    throw new Error('no packet came through');
  } finally {
    stop.abort();
    await sending;
  }
}

async function kindOf(call: Promise<unknown>): Promise<string> {
  const e = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return isFault(e) ? e.kind : 'no fault';
}

/** What every implementation of PacketSource keeps to. */
export const packetsConformance: readonly ConformanceCase<PacketsSubject>[] = [
  {
    name: 'a packet is captured whole, with its time',
    run: async (subject) => {
      const packet = await firstPacket(subject, ALL, 'a whole one');
      assert.equal(textOf(packet), 'a whole one');
      assert.equal(packet.wireBytes, packet.bytes.length);
      assert.ok(Math.abs(Number(packet.atUs / 1000n) - systemClock.now()) < 60_000);
    },
  },
  {
    name: 'a filter lets through what it says, and nothing else',
    run: async (subject) => {
      const packet = await firstPacket(subject, { ...ALL, filter: FROM_B }, 'a first', 'b second');
      assert.equal(textOf(packet), 'b second');
    },
  },
  {
    name: 'of a packet no more than asked for is kept, and its length is told',
    run: async (subject) => {
      const packet = await firstPacket(subject, { ...ALL, snapBytes: HEADERS_BYTES + 3 }, 'abcdef');
      assert.equal(textOf(packet), 'abc');
      assert.equal(packet.wireBytes, HEADERS_BYTES + 6);
    },
  },
  {
    name: 'a link that is not there is missing, and what is no program is invalid',
    run: async ({ packets }) => {
      assert.equal(await kindOf(packets.capture({ ...ALL, link: 'nowhere0' })), 'missing');
      assert.equal(await kindOf(packets.capture({ ...ALL, filter: NO_PROGRAM })), 'invalid');
    },
  },
  {
    name: 'a capture ends when aborted, tells what it is of, and has dropped nothing',
    run: async ({ packets }) => {
      await using capture = await packets.capture({ ...ALL, isPromiscuous: true });
      assert.equal(capture.hardwareType, 772);
      const stop = new AbortController();
      const reading = (async () => {
        for await (const _packets of capture.packets(stop.signal)) stop.abort();
      })();
      stop.abort();
      await reading;
      assert.equal(await capture.takeDropped(), 0);
    },
  },
];
