import { describe, expect, test } from '@jest/globals';
import { systemClock } from '@minos/base';
import { eventually } from '@minos/testkit';
import type { Conn } from './conn.ts';
import { type ConnOwner, Engine } from './engine.ts';
import { CONNECTION_LOST, ErrorCode } from './error-code.ts';
import { Field } from './field.ts';
import type { Half } from './half.ts';
import { Head } from './head.ts';
import { connPair, rawClient } from './testing/conn-pair.ts';
import { rawField, rawFrame, rawNumber, rawRequest } from './testing/raw-frame.ts';
import { RecordingPeer } from './testing/recording-peer.ts';
import { seededRandom } from './testing/seeded-random.ts';
import { socketPair } from './testing/socket-pair.ts';

const REQUEST = new Head([
  new Field(':method', 'POST'),
  new Field(':scheme', 'http'),
  new Field(':path', '/a.B/C'),
  new Field('te', 'trailers'),
]);
const OK = new Head([new Field(':status', '200')]);
const TRAILERS = new Head([new Field('grpc-status', '0')]);
/** Long, because the machine may be busy; checks end when they hold. */
const within = { withinMs: 8000 };

function recorder(isHolding = false): ConnOwner & { readonly peers: RecordingPeer[]; readonly ends: boolean[] } {
  const peers: RecordingPeer[] = [];
  const ends: boolean[] = [];
  return {
    peers,
    ends,
    request: (half, _head, isEnd) => {
      peers.push(new RecordingPeer(half, isHolding));
      ends.push(isEnd);
    },
  };
}

function call(conn: Conn): { half: Half; peer: RecordingPeer } {
  const half = conn.open();
  const peer = new RecordingPeer(half);
  half.head(REQUEST, false);
  return { half, peer };
}

test('a call goes there and back: headers, bodies, trailers', async () => {
  const owner = recorder();
  const { client } = connPair({ server: owner });
  const { half, peer } = call(client);
  half.data(Buffer.from('ping'), 0, 4, true);
  await eventually(() => expect(owner.peers[0]?.isEnded).toBe(true), within);
  const server = owner.peers[0]?.half;
  server?.head(OK, false);
  server?.data(Buffer.from('pong'), 0, 4, false);
  server?.head(TRAILERS, true);
  await eventually(() => expect(peer.isEnded).toBe(true), within);
  expect(owner.peers[0]?.body.toString()).toBe('ping');
  expect(peer.body.toString()).toBe('pong');
  expect(peer.heads.map((h) => h.fields[0]?.value)).toEqual(['200', '0']);
  expect(client.streams).toBe(0);
});

test('a sender is stopped by a receiver that passes nothing on, and goes on once it does', async () => {
  const owner = recorder(true);
  const { client } = connPair({ server: owner });
  const { half, peer } = call(client);
  const body = Buffer.alloc(4 * 1024 * 1024, 'x');
  half.data(body, 0, body.length, true);
  await eventually(() => expect(owner.peers[0]?.body.length).toBe(65_535), within);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(owner.peers[0]?.body.length).toBe(65_535);
  expect(peer.passedBytes).toBe(65_535);
  owner.peers[0]?.release();
  await eventually(() => expect(owner.peers[0]?.isEnded).toBe(true), within);
  expect(owner.peers[0]?.body.equals(body)).toBe(true);
});

test('a stalled stream does not stop the others of its connection', async () => {
  const owner = recorder(true);
  const { client } = connPair({ server: owner });
  const stalled = Array.from({ length: 80 }, () => call(client));
  for (const { half } of stalled) half.data(Buffer.alloc(70_000), 0, 70_000, true);
  await eventually(() => expect(owner.peers.filter((p) => p.body.length >= 60_000).length).toBe(80), within);
  const { half } = call(client);
  half.data(Buffer.from('through'), 0, 7, true);
  await eventually(() => expect(owner.peers.at(-1)?.isEnded).toBe(true), within);
});

test('a reset reaches the other side, and a loss of the connection every stream', async () => {
  const owner = recorder();
  const { client, server } = connPair({ server: owner });
  const first = call(client);
  const second = call(client);
  await eventually(() => expect(owner.peers.length).toBe(2), within);
  first.half.reset(ErrorCode.cancel);
  await eventually(() => expect(owner.peers[0]?.resetCode).toBe(ErrorCode.cancel), within);
  server.destroy('gone');
  await eventually(() => expect(second.peer.resetCode).toBe(CONNECTION_LOST), within);
  expect(owner.peers[1]?.resetCode).toBe(CONNECTION_LOST);
});

test('a draining server ends what runs and takes nothing new, and its client knows', async () => {
  const owner = recorder();
  const { client, server } = connPair({ server: owner });
  const { peer } = call(client);
  await eventually(() => expect(owner.peers.length).toBe(1), within);
  server.drain();
  await eventually(() => expect(client.isDraining).toBe(true), within);
  expect(client.canOpen).toBe(false);
  owner.peers[0]?.half.head(new Head([...OK.fields, ...TRAILERS.fields]), true);
  await eventually(() => expect(peer.isEnded).toBe(true), within);
  await eventually(() => expect(server.isClosed).toBe(true), within);
});

test('streams that a leaving server has not looked at are refused, and the others go on', async () => {
  const [socket, far] = socketPair();
  const engine = new Engine({ clock: systemClock });
  const conn = engine.open(socket, { role: 'client', owner: {} });
  socket.on('data', (bytes: Buffer) => conn.receive(bytes));
  far.resume();
  const [first, second] = [call(conn), call(conn)];
  far.write(Buffer.concat([rawFrame(4, 0, 0), rawFrame(7, 0, 0, Buffer.concat([rawNumber(1), rawNumber(0)]))]));
  await eventually(() => expect(second.peer.resetCode).toBe(ErrorCode.refusedStream), within);
  expect(conn.canOpen).toBe(false);
  far.write(rawFrame(1, 5, 1, Buffer.from([0x88])));
  await eventually(() => expect(first.peer.isEnded).toBe(true), within);
  await eventually(() => expect(conn.isClosed).toBe(true), within);
});

test('a window that may not grow any more stays as it is, and the bytes still go through', async () => {
  const owner = recorder();
  const { client } = connPair({ server: owner }, { windowGrowth: 0 });
  const { half } = call(client);
  const body = Buffer.alloc(600_000, 'y');
  half.data(body, 0, body.length, true);
  await eventually(() => expect(owner.peers[0]?.isEnded).toBe(true), within);
  expect(owner.peers[0]?.body.equals(body)).toBe(true);
});

test('a server connection whose receivers pass nothing on is stopped as a whole', async () => {
  const owner = recorder(true);
  const { client } = connPair({ server: owner }, { serverBacklog: 256 * 1024, connectionWindow: 512 * 1024 });
  for (let n = 0; n < 40; n++) call(client).half.data(Buffer.alloc(70_000), 0, 70_000, true);
  const received = (): number => owner.peers.reduce((sum, peer) => sum + peer.body.length, 0);
  await eventually(() => expect(received()).toBeGreaterThan(500_000), within);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(received()).toBeLessThan(1024 * 1024);
  for (const peer of owner.peers) peer.release();
  await eventually(() => expect(received()).toBe(40 * 70_000), within);
});

test('streams beyond the limit are refused, so that they may be tried again', async () => {
  const owner = recorder();
  const { client } = connPair({ server: owner }, { maxStreams: 2 });
  const calls = [call(client), call(client), call(client)];
  await eventually(() => expect(calls[2]?.peer.resetCode).toBe(ErrorCode.refusedStream), within);
  expect(owner.peers.length).toBe(2);
});

test('a peer that is silent while a stream is open is pinged, and given up when it does not answer', async () => {
  const closed: string[] = [];
  const client = rawClient(
    { request: (half) => void new RecordingPeer(half), closed: (_conn, why) => closed.push(why) },
    { keepaliveIdleMs: 40, keepaliveTimeoutMs: 40 },
  );
  client.send(rawFrame(1, 4, 1, rawRequest('/a.B/C')));
  await eventually(() => {
    client.server.checkLiveness();
    expect(client.frames().filter((f) => f.type === 6).length).toBe(1);
  }, within);
  await eventually(() => {
    client.server.checkLiveness();
    expect(closed.length).toBe(1);
  }, within);
  expect(closed).toEqual(['peer does not answer']);
});

describe('a flood ends with GOAWAY 11', () => {
  const owner: ConnOwner = { request: (half) => void new RecordingPeer(half) };
  const limits = { floodBurst: 200 };
  const opened = rawFrame(1, 4, 1, rawRequest('/a.B/C'));
  const again = Buffer.from([0x83, 0x87, 0xc1, 0xc0, 0xbf, 0xbe]);
  const floods: Record<string, { first?: Buffer; frame: (n: number) => Buffer }> = {
    'of PING': { frame: () => rawFrame(6, 0, 0, Buffer.alloc(8)) },
    'of SETTINGS': { frame: () => rawFrame(4, 0, 0) },
    'of PRIORITY': { frame: () => rawFrame(2, 0, 3, Buffer.from([0, 0, 0, 1, 1])) },
    'of empty DATA': { first: opened, frame: () => rawFrame(0, 0, 1) },
    'of tiny WINDOW_UPDATE': { frame: () => rawFrame(8, 0, 0, rawNumber(1)) },
    'of empty CONTINUATION': { first: rawFrame(1, 0, 1, rawRequest('/a.B/C')), frame: () => rawFrame(9, 0, 1) },
    'of large CONTINUATION': { first: rawFrame(1, 0, 1), frame: () => rawFrame(9, 0, 1, Buffer.alloc(1000, 0x82)) },
    'of unknown frames': { frame: () => rawFrame(77, 0, 0) },
    'of streams that are reset at once': {
      first: opened,
      frame: (n) => Buffer.concat([rawFrame(1, 4, 2 * n + 3, again), rawFrame(3, 0, 2 * n + 3, rawNumber(8))]),
    },
  };
  test.each(Object.entries(floods))('%s', async (_name, { first, frame }) => {
    const client = rawClient(owner, limits);
    if (first !== undefined) client.send(first);
    client.send(...Array.from({ length: 600 }, (_, n) => frame(n)));
    await eventually(() => expect(client.goaway()).toBe(ErrorCode.enhanceYourCalm), within);
  });
});

describe('a connection that breaks a rule ends with the code of that rule', () => {
  const owner: ConnOwner = { request: (half) => void new RecordingPeer(half) };
  const opened = rawFrame(1, 4, 1, rawRequest('/a.B/C'));
  test.each<[string, number, Buffer[]]>([
    ['DATA on stream 0', ErrorCode.protocolError, [rawFrame(0, 0, 0, Buffer.from('x'))]],
    ['DATA on an idle stream', ErrorCode.protocolError, [rawFrame(0, 0, 5, Buffer.from('x'))]],
    ['HEADERS on an even stream', ErrorCode.protocolError, [rawFrame(1, 5, 2, rawRequest('/a.B/C'))]],
    [
      'a stream number that goes back',
      ErrorCode.protocolError,
      [rawFrame(1, 5, 5, rawRequest('/a.B/C')), rawFrame(1, 5, 3, rawRequest('/a.B/C'))],
    ],
    [
      'something between HEADERS and CONTINUATION',
      ErrorCode.protocolError,
      [rawFrame(1, 0, 1, rawRequest('/a.B/C')), rawFrame(6, 0, 0, Buffer.alloc(8))],
    ],
    ['a frame that is too long', ErrorCode.frameSizeError, [rawFrame(0, 0, 1, Buffer.alloc(16_385))]],
    ['SETTINGS of a wrong length', ErrorCode.frameSizeError, [rawFrame(4, 0, 0, Buffer.alloc(5))]],
    [
      'an initial window that is too large',
      ErrorCode.flowControlError,
      [rawFrame(4, 0, 0, Buffer.from([0, 4, 255, 255, 255, 255]))],
    ],
    ['a window that grows too large', ErrorCode.flowControlError, [rawFrame(8, 0, 0, rawNumber(0x7fffffff))]],
    ['PUSH_PROMISE', ErrorCode.protocolError, [opened, rawFrame(5, 4, 1, Buffer.alloc(4))]],
    [
      'a header block that does not decode',
      ErrorCode.compressionError,
      [rawFrame(1, 5, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]))],
    ],
    ['padding longer than its frame', ErrorCode.protocolError, [opened, rawFrame(0, 8, 1, Buffer.from([9, 1, 2]))]],
  ])('%s', async (_what, code, frames) => {
    const client = rawClient(owner);
    client.send(...frames);
    await eventually(() => expect(client.goaway()).toBe(code), within);
  });
});

describe('a stream that breaks a rule is reset, and the connection lives', () => {
  test.each<[string, number, Buffer[]]>([
    ['an upper-case name', ErrorCode.protocolError, [rawFrame(1, 5, 1, rawRequest('/a.B/C', rawField('Upper', 'x')))]],
    [
      'a field of one connection',
      ErrorCode.protocolError,
      [rawFrame(1, 5, 1, rawRequest('/a.B/C', rawField('connection', 'close')))],
    ],
    ['a request without a path', ErrorCode.protocolError, [rawFrame(1, 5, 1, Buffer.from([0x83, 0x87]))]],
    ['a status in a request', ErrorCode.protocolError, [rawFrame(1, 5, 1, rawRequest('/a.B/C', Buffer.from([0x88])))]],
    [
      'a body longer than declared',
      ErrorCode.protocolError,
      [rawFrame(1, 4, 1, rawRequest('/a.B/C', rawField('content-length', '1'))), rawFrame(0, 1, 1, Buffer.from('xy'))],
    ],
    [
      'DATA after the end',
      ErrorCode.streamClosed,
      [rawFrame(1, 5, 1, rawRequest('/a.B/C')), rawFrame(0, 1, 1, Buffer.from('x'))],
    ],
    [
      'a stream window of zero more',
      ErrorCode.protocolError,
      [rawFrame(1, 4, 1, rawRequest('/a.B/C')), rawFrame(8, 0, 1, rawNumber(0))],
    ],
    [
      'more headers than allowed',
      ErrorCode.enhanceYourCalm,
      [rawFrame(1, 5, 1, rawRequest('/a.B/C', rawField('x', 'y'.repeat(9000))))],
    ],
  ])('%s', async (_what, code, frames) => {
    const client = rawClient({ request: (half) => void new RecordingPeer(half) }, { headerListBytes: 4096 });
    client.send(...frames, rawFrame(6, 0, 0, Buffer.alloc(8)));
    await eventually(
      () =>
        expect(
          client
            .frames()
            .find((f) => f.type === 3)
            ?.payload.readUInt32BE(0),
        ).toBe(code),
      within,
    );
    expect(client.frames().some((f) => f.type === 6)).toBe(true);
    expect(client.goaway()).toBeUndefined();
  });
});

test('trailers of an earlier block are not taken for a request', async () => {
  const owner = recorder();
  const client = rawClient(owner);
  const block = Buffer.from([0x00, 0x01, 0x78, 0x01, 0x79]);
  client.send(rawFrame(1, 4, 1, rawRequest('/a.B/C')), rawFrame(1, 5, 1, block), rawFrame(1, 5, 3, block));
  await eventually(
    () =>
      expect(
        client
          .frames()
          .find((f) => f.type === 3 && f.id === 3)
          ?.payload.readUInt32BE(0),
      ).toBe(1),
    within,
  );
  expect(owner.peers.length).toBe(1);
});

test('any split of the bytes gives the same frames', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed);
    const owner = recorder();
    const client = rawClient(owner);
    await eventually(() => expect(client.frames().some((f) => f.type === 4 && f.flags === 1)).toBe(true), within);
    const body = Buffer.from(Array.from({ length: 3000 }, () => random(256)));
    const bytes = Buffer.concat([
      rawFrame(1, 4, 1, rawRequest('/a.B/C')),
      rawFrame(0, 0, 1, body.subarray(0, 1000)),
      rawFrame(6, 0, 0, Buffer.alloc(8)),
      rawFrame(0, 9, 1, Buffer.concat([Buffer.from([3]), body.subarray(1000), Buffer.alloc(3)])),
    ]);
    for (let at = 0; at < bytes.length; ) {
      const length = 1 + random(40);
      client.server.receive(bytes.subarray(at, at + length));
      at += length;
    }
    expect(owner.peers[0]?.isEnded).toBe(true);
    expect(owner.peers[0]?.body.equals(body)).toBe(true);
  }
});

test('any frames end in a reset, a GOAWAY or nothing, and never in anything thrown', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = seededRandom(seed);
    const failures: unknown[] = [];
    const owner: ConnOwner = {
      request: (half) => void new RecordingPeer(half),
      failed: (_conn, error) => failures.push(error),
    };
    const client = rawClient(owner);
    client.server.receive(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'));
    client.server.receive(rawFrame(4, 0, 0));
    for (let n = 0; n < 40; n++) {
      const payload = random(3) === 0 ? rawRequest('/a.B/C') : Buffer.from(Array.from({ length: random(30) }, () => random(256)));
      client.server.receive(rawFrame(random(11), random(256), random(12), payload));
    }
    expect(failures).toEqual([]);
  }
});
