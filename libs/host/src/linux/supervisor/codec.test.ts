import { expect, test } from '@jest/globals';
import { isFault } from '@minos/base';
import type { SpawnSpec } from '../../port/supervisor.ts';
import {
  ASK,
  decodeInitMessage,
  encodeAck,
  encodeHello,
  encodePlain,
  encodePower,
  encodeSignal,
  encodeSpawn,
  SAY,
} from './codec.ts';
import { FrameSplitter } from './frame-splitter.ts';
import { WireReader, WireWriter } from './wire.ts';

const SPEC: SpawnSpec = {
  id: 'networkd',
  argv: ['/sbin/networkd', 'größer'],
  env: { READY_FD: '3', EMPTY: '' },
  uid: 52,
  gid: 53,
  groups: [7, 4_294_967_294],
  capabilities: ['NET_RAW', 'NET_ADMIN', 'CHECKPOINT_RESTORE'],
  cgroup: { path: 'system/networkd', demand: 'required' },
  noFile: 4096,
  oomScoreAdj: -500,
};

/** The body of the only frame, after its type and number have been looked at. */
function open(bytes: Buffer, type: number, request: number): WireReader {
  const [frame = Buffer.alloc(0), ...more] = new FrameSplitter().push(bytes);
  expect(more).toEqual([]);
  const reader = new WireReader(frame);
  expect([reader.uint(1), reader.uint(4)]).toEqual([type, request]);
  return reader;
}

function decode(writer: WireWriter): unknown {
  const message = decodeInitMessage(writer.finish().subarray(4));
  return message.ok ? message.value : message.problems;
}

test('a start is written field by field as the protocol says', () => {
  const reader = open(encodeSpawn(9, SPEC), ASK.spawn, 9);
  expect([reader.text(), reader.uint(4), reader.uint(4)]).toEqual(['networkd', 52, 53]);
  expect(reader.uint64()).toBe((1n << 12n) | (1n << 13n) | (1n << 40n));
  expect([reader.uint(1), reader.uint(4), reader.uint(4) | 0]).toEqual([1, 4096, -500]);
  expect([reader.text(), reader.uint(2), reader.uint(4), reader.uint(4)]).toEqual(['system/networkd', 2, 7, 4_294_967_294]);
  expect(reader.texts()).toEqual(SPEC.argv);
  expect(reader.texts()).toEqual(['READY_FD=3', 'EMPTY=']);
  expect(reader.isAtEnd).toBe(true);
});

test('limits that nobody asked for are written as unset', () => {
  const reader = open(encodeSpawn(1, { ...SPEC, cgroup: undefined, noFile: undefined, oomScoreAdj: undefined }), ASK.spawn, 1);
  reader.text();
  for (let i = 0; i < 4; i++) reader.uint(4);
  expect([reader.uint(1), reader.uint(4), reader.uint(4), reader.text()]).toEqual([0, 0, 0x8000_0000, '']);
});

test('the other requests are as short as they can be', () => {
  expect(open(encodeHello(1), ASK.hello, 1).uint(2)).toBe(1);
  expect(open(encodePlain(ASK.list, 2), ASK.list, 2).isAtEnd).toBe(true);
  const signal = open(encodeSignal(3, 'apid', { signal: 15, isGroup: true }), ASK.signal, 3);
  expect([signal.text(), signal.uint(1), signal.uint(1), signal.isAtEnd]).toEqual(['apid', 15, 1, true]);
  const ack = open(encodeAck(4, 'apid', 2 ** 40), ASK.ack, 4);
  expect([ack.text(), ack.uint64(), ack.isAtEnd]).toEqual(['apid', 2n ** 40n, true]);
  expect([open(encodePower(5, 'reboot'), ASK.power, 5).uint(1), open(encodePower(5, 'halt'), ASK.power, 5).uint(1)]).toEqual([
    1, 3,
  ]);
});

test.each<[string, Partial<SpawnSpec>]>([
  ['an unknown capability', { capabilities: ['NET_MAGIC'] }],
  ['a NUL byte', { argv: ['/bin/x', 'a\0b'] }],
  ['a number that is too large', { uid: 2 ** 32 }],
  ['more than a frame holds', { env: { BIG: 'x'.repeat(70_000) } }],
])('a start with %s is refused before it is sent', (_what, change) => {
  let fault: unknown;
  try {
    encodeSpawn(1, { ...SPEC, ...change });
  } catch (e) {
    fault = e;
  }
  expect(isFault(fault, 'invalid')).toBe(true);
});

test('answers of init are read field by field', () => {
  expect(decode(new WireWriter(SAY.hello, 1).uint(1, 2).uint(17, 4))).toEqual({
    kind: 'hello',
    request: 1,
    version: 1,
    machinedStarts: 17,
  });
  const living = new WireWriter(SAY.process, 2).text('apid').uint64(3n).uint(99, 4).uint64(1_700_000_000_000n).uint(1, 1);
  expect(decode(living.uint(0, 1).uint(0, 1).uint(0, 1).text('cgroup: no\nopen files: no\n'))).toEqual({
    kind: 'process',
    request: 2,
    process: {
      id: 'apid',
      generation: 3,
      pid: 99,
      startedMs: 1_700_000_000_000,
      isReady: true,
      exit: undefined,
      unmet: ['cgroup: no', 'open files: no'],
    },
  });
  expect(decode(new WireWriter(SAY.signalled, 4).uint(0, 1))).toEqual({ kind: 'signalled', request: 4, isSent: false });
  expect(decode(new WireWriter(SAY.error, 5).uint(2, 1).text('lives'))).toEqual({
    kind: 'error',
    request: 5,
    fault: 'exists',
    text: 'lives',
  });
});

test('events of init are read field by field', () => {
  const exited = new WireWriter(SAY.exitedEvent, 0).text('apid').uint64(3n).uint(99, 4).uint(2, 1).uint(11, 1).uint(1, 1);
  const exit = { kind: 'signalled', signal: 'SIGSEGV', coreDumped: true };
  expect(decode(exited)).toEqual({ kind: 'events', events: [{ kind: 'exited', id: 'apid', generation: 3, pid: 99, exit }] });
  expect(decode(new WireWriter(SAY.unmetEvent, 0).text('a').uint64(1n).text('x\ny\n'))).toEqual({
    kind: 'events',
    events: [
      { kind: 'unmet', id: 'a', generation: 1, problem: 'x' },
      { kind: 'unmet', id: 'a', generation: 1, problem: 'y' },
    ],
  });
  expect(decode(new WireWriter(SAY.stopEvent, 0).uint(2, 1))).toEqual({
    kind: 'events',
    events: [{ kind: 'stop-requested', action: 'poweroff' }],
  });
});

test('a frame that is too short, too long or unknown is a problem and nothing else', () => {
  expect(decodeInitMessage(Buffer.from([SAY.hello, 1, 0, 0, 0, 1])).ok).toBe(false);
  expect(decodeInitMessage(Buffer.from([SAY.done, 1, 0, 0, 0, 1])).ok).toBe(false);
  expect(decodeInitMessage(Buffer.from([0x42, 1, 0, 0, 0])).ok).toBe(false);
  expect(decodeInitMessage(Buffer.from([SAY.stopEvent, 0, 0, 0, 0, 9])).ok).toBe(false);
});

/** The same numbers for the same seed. */
function randomBytes(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
}

test('frames cut into pieces of any size come out whole and in order', () => {
  const random = randomBytes(7);
  const frames = Array.from({ length: 200 }, (_, i) => encodeAck(i, 'x'.repeat(random()), i));
  const stream = Buffer.concat(frames);
  const splitter = new FrameSplitter();
  const seen: Buffer[] = [];
  for (let at = 0; at < stream.length; ) {
    const end = Math.min(stream.length, at + 1 + random());
    seen.push(...splitter.push(stream.subarray(at, end)));
    at = end;
  }
  expect(Buffer.concat(seen.map((frame, i) => Buffer.concat([frames[i]?.subarray(0, 4) ?? Buffer.alloc(4), frame])))).toEqual(
    stream,
  );
});

test('no bytes make the decoder throw anything but a Fault, or accept a frame with bytes left over', () => {
  const random = randomBytes(42);
  for (let round = 0; round < 20_000; round++) {
    const frame = Buffer.from(Array.from({ length: 5 + (random() % 60) }, random));
    frame[0] = 0x80 + (random() % 0x18);
    const message = decodeInitMessage(frame);
    if (message.ok) expect(decodeInitMessage(Buffer.concat([frame, Buffer.from([0])])).ok).toBe(false);
  }
  for (let round = 0; round < 2_000; round++) {
    try {
      new FrameSplitter().push(Buffer.from(Array.from({ length: random() }, random)));
    } catch (e) {
      expect(isFault(e, 'data-loss')).toBe(true);
    }
  }
});
