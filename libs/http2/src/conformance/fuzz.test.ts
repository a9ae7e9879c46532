import { expect, test } from '@jest/globals';
import { systemClock } from '@minos/base';
import type { Conn } from '../conn.ts';
import { type ConnOwner, Engine } from '../engine.ts';
import { Field } from '../field.ts';
import { PREFACE } from '../frame-type.ts';
import { Head } from '../head.ts';
import { rawField, rawFrame, rawNumber, rawRequest } from '../testing/raw-frame.ts';
import { RecordingPeer } from '../testing/recording-peer.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import { socketPair } from '../testing/socket-pair.ts';

type Random = (bound: number) => number;

const REQUEST = new Head([new Field(':method', 'POST'), new Field(':scheme', 'http'), new Field(':path', '/a.B/C')]);
const reply = (): Buffer => rawField(':status', '200', 0);

interface Fuzzed {
  readonly engine: Engine;
  readonly conn: Conn;
  readonly failures: unknown[];
}

/** A connection whose other end is made of bytes; what it sends goes nowhere. */
function fuzzed(role: 'client' | 'server', random: Random): Fuzzed {
  const engine = new Engine({ clock: systemClock });
  const failures: unknown[] = [];
  const owner: ConnOwner = {
    request: (half) => {
      const peer = new RecordingPeer(half, random(2) === 0);
      if (random(2) === 0) half.head(new Head([new Field(':status', '200')]), random(2) === 0);
      if (random(3) === 0) half.data(Buffer.alloc(random(70_000)), 0, random(3), random(2) === 0);
      if (random(8) === 0) peer.half.reset(8);
    },
    failed: (_conn, error) => failures.push(error),
  };
  const [near, far] = socketPair();
  far.on('error', () => undefined);
  near.on('error', () => undefined).resume();
  const conn = engine.open(far, { role, owner });
  if (role === 'client') {
    for (let n = 0; n < 4; n++) {
      const half = conn.open();
      void new RecordingPeer(half, random(2) === 0);
      half.head(REQUEST, random(2) === 0);
      if (random(2) === 0) half.data(Buffer.alloc(100_000), 0, 1 + random(100_000), random(2) === 0);
    }
  }
  return { engine, conn, failures };
}

/** Frames that mean something in their place, most of the time. */
function someFrame(random: Random, role: 'client' | 'server'): Buffer {
  const id = random(10) === 0 ? random(20) : 1 + 2 * random(5);
  const block = role === 'server' ? rawRequest('/a.B/C') : reply();
  const bytes = (most: number): Buffer => Buffer.from(Array.from({ length: random(most) }, () => random(256)));
  const frames: readonly (() => Buffer)[] = [
    () => rawFrame(1, 4 | (random(3) === 0 ? 1 : 0), id, block),
    () => rawFrame(1, random(2), id, block.subarray(0, random(block.length))),
    () => rawFrame(9, random(2) * 4, id, block.subarray(random(block.length))),
    () => rawFrame(0, random(2), id, bytes(2000)),
    () => rawFrame(0, 8 | random(2), id, Buffer.concat([Buffer.from([random(9)]), bytes(300)])),
    () => rawFrame(3, 0, id, rawNumber(random(14))),
    () => rawFrame(8, 0, random(3) === 0 ? 0 : id, rawNumber(random(2) === 0 ? random(0x7fff_ffff) : random(100_000))),
    () => rawFrame(4, random(8) === 0 ? 1 : 0, 0, bytes(19)),
    () => rawFrame(6, random(2), 0, Buffer.alloc(8)),
    () => rawFrame(7, 0, 0, Buffer.concat([rawNumber(random(9)), rawNumber(random(14))])),
    () => rawFrame(2, 0, id, bytes(7)),
    () => rawFrame(random(16), random(256), random(12), bytes(40)),
  ];
  return (frames[random(frames.length)] ?? frames[0])?.() ?? Buffer.alloc(0);
}

/** Changes, removes or doubles some bytes. */
function mutated(bytes: Buffer, random: Random): Buffer {
  let result = bytes;
  for (let n = 1 + random(3); n > 0; n--) {
    const at = random(result.length);
    const change = random(3);
    if (change === 0) result = Buffer.concat([result.subarray(0, at), result.subarray(at + 1 + random(9))]);
    else if (change === 1) result = Buffer.concat([result.subarray(0, at), result.subarray(Math.max(0, at - random(20)))]);
    else {
      result = Buffer.from(result);
      result[at] = random(256);
    }
    if (result.length === 0) return bytes;
  }
  return result;
}

/** Feeds a connection in pieces, and expects that nothing was thrown, and that nothing is kept once it is gone. */
function feed({ engine, conn, failures }: Fuzzed, bytes: Buffer, random: Random): void {
  for (let at = 0; at < bytes.length; ) {
    const length = random(4) === 0 ? 1 + random(12) : 1 + random(3000);
    conn.receive(bytes.subarray(at, at + length));
    at += length;
  }
  expect(failures).toEqual([]);
  expect(engine.heldBytes).toBeGreaterThanOrEqual(0);
  conn.destroy('over');
  expect({ held: engine.heldBytes, streams: engine.streams, open: conn.streams }).toEqual({ held: 0, streams: 0, open: 0 });
}

test.each(['server', 'client'] as const)('as a %s, any sequence of frames ends well, and nothing stays accounted for', (role) => {
  for (let seed = 1; seed <= 250; seed++) {
    const random = seededRandom(seed);
    const frames = Array.from({ length: 30 }, () => someFrame(random, role));
    const first = [...(role === 'server' ? [PREFACE] : []), rawFrame(4, 0, 0)];
    try {
      feed(fuzzed(role, random), Buffer.concat([...first, ...frames]), random);
    } catch (e) {
      throw new Error(`seed ${seed}`, { cause: e });
    }
  }
});

test.each(['server', 'client'] as const)('as a %s, a conversation with a few wrong bytes ends well', (role) => {
  const block = role === 'server' ? rawRequest('/a.B/C') : reply();
  const streams = [1, 3, 5, 7].flatMap((id) => [
    rawFrame(1, 4, id, block),
    rawFrame(0, 0, id, Buffer.alloc(700, id)),
    rawFrame(8, 0, id, rawNumber(1000)),
    rawFrame(0, 1, id, Buffer.alloc(20, id)),
  ]);
  const first = [...(role === 'server' ? [PREFACE] : []), rawFrame(4, 0, 0), rawFrame(4, 1, 0)];
  const whole = Buffer.concat([...first, ...streams, rawFrame(6, 0, 0, Buffer.alloc(8))]);
  for (let seed = 1; seed <= 500; seed++) {
    const random = seededRandom(seed);
    try {
      feed(fuzzed(role, random), mutated(whole, random), random);
    } catch (e) {
      throw new Error(`seed ${seed}`, { cause: e });
    }
  }
});
