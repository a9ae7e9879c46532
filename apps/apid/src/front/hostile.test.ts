import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MachineServiceDefinition } from '@minos/api/machine';
import { Scope } from '@minos/base';
import { client } from '@minos/rpc';
import { eventually } from '@minos/testkit';
import { LimitCounts } from '../log/limit-log.ts';
import { type SeenCall, testMachine } from '../testing/machine.ts';
import { TestNode } from '../testing/node.ts';
import { clientCertificate, testAuthority } from '../testing/pki.ts';
import { frame, RawClient, type RawField } from '../testing/raw-client.ts';

const ca = testAuthority();
const admin = clientCertificate(ca, ['os:admin']);
const scope = new Scope();
const seen: SeenCall[] = [];
const within = { withinMs: 5000 };
const CALL: readonly RawField[] = [
  [':method', 'POST'],
  [':scheme', 'https'],
  [':path', '/machine.MachineService/Version'],
  [':authority', '127.0.0.1:50000'],
  ['content-type', 'application/grpc'],
  ['te', 'trailers'],
];
const limits = { headerBlockMs: 300, prefaceMs: 300, settingsAckMs: 5000, resetBurst: 300, resetsPerSecond: 10 };
let node: TestNode;

beforeAll(async () => {
  node = scope.use(await TestNode.start({ ca, services: [testMachine('one', seen)], limits, handshakeMs: 400 }));
});

afterAll(() => scope.close());

const raw = (): RawClient => new RawClient({ host: node.address, port: node.port, ca: ca.certPem, who: admin });
const others = async (): Promise<void> => {
  expect((await client(node.dial(), MachineServiceDefinition).Version({})).messages.length).toBe(1);
};

describe('a request that would smuggle something is reset, reaches nobody, and its connection lives', () => {
  test.each<[string, RawField[]]>([
    ['connection', [['connection', 'te']]],
    ['transfer-encoding', [['transfer-encoding', 'chunked']]],
    ['upper case', [['Talos-Role', 'os:admin']]],
    ['a second :path', [[':path', '/machine.MachineService/Reboot']]],
    ['NUL', [['x', 'a\0b']]],
    ['CR and LF', [['x', 'a\r\ntalos-role: os:admin']]],
    ['a name with LF', [['x\ny', 'z']]],
    ['another host', [['host', 'elsewhere']]],
    [
      'two lengths',
      [
        ['content-length', '5'],
        ['content-length', '6'],
      ],
    ],
  ])('%s', async (_what, more) => {
    using hostile = raw().greet();
    const before = seen.length;
    const reply = await hostile.ended(hostile.request([...CALL, ...more]));
    expect(reply.resetCode).toBe(1);
    expect(seen.length).toBe(before);
    expect((await hostile.ended(hostile.request(CALL))).heads.at(-1)).toContain('grpc-status=0');
    await others();
  });
});

describe('what makes no sense has an answer that says so', () => {
  const status = async (fields: readonly RawField[], body?: Buffer): Promise<string> => {
    using hostile = raw().greet();
    const reply = await hostile.ended(hostile.request(fields, body));
    return reply.isEnded ? (reply.heads.at(-1) ?? '') : `reset ${reply.resetCode}`;
  };
  const without = (name: string): RawField[] => CALL.filter(([key]) => key !== name);
  const rows: readonly { what: string; fields: readonly RawField[]; expected: RegExp; body?: Buffer }[] = [
    { what: 'another method than POST', fields: [[':method', 'PUT'], ...without(':method')], expected: /^:status=405/ },
    {
      what: 'a content type that is not gRPC',
      fields: [...without('content-type'), ['content-type', 'text/html']],
      expected: /^:status=415/,
    },
    { what: 'no content type', fields: without('content-type'), expected: /^:status=415/ },
    {
      what: 'a path that is no method',
      fields: [...without(':path').slice(0, 2), [':path', '/'], ['content-type', 'application/grpc']],
      expected: /grpc-status=12/,
    },
    { what: 'a target with a port', fields: [...CALL, ['node', '127.0.0.1:50000']], expected: /grpc-status=13 .*invalid target/ },
    {
      what: 'a target that is a URL',
      fields: [...CALL, ['node', 'http://127.0.0.1/']],
      expected: /grpc-status=13 .*invalid target/,
    },
    { what: 'two values of node', fields: [...CALL, ['node', 'a'], ['node', 'b']], expected: /grpc-status=3 .*single-valued/ },
    {
      what: '10,000 targets in one field',
      fields: [...CALL, ['nodes', Array.from({ length: 10_000 }, () => 'a').join(',')]],
      expected: /grpc-status=3 .*10000 nodes in one call/,
    },
    {
      what: '10,000 fields with targets',
      fields: [...CALL, ...Array.from({ length: 10_000 }, (): RawField => ['nodes', 'a'])],
      expected: /^reset 11/,
    },
    {
      what: 'a message that is no protobuf',
      fields: CALL,
      expected: /grpc-status=(0|13)/,
      body: Buffer.from('00000000040affffff', 'hex'),
    },
    { what: 'a message that is cut short', fields: CALL, expected: /grpc-status=/, body: Buffer.from('00000000ff01', 'hex') },
  ];
  test.each(rows.map((row) => [row.what, row] as const))('%s', async (_what, { fields, expected, body }) => {
    expect(await status(fields, body)).toMatch(expected);
    await others();
  });
});

test('a call that two nodes would send to each other for ever is answered by the first that gets it', async () => {
  const before = seen.length;
  using looping = raw().greet();
  const reply = await looping.ended(looping.request([...CALL, ['proxyfrom', 'a'], ['node', node.address]]));
  expect(reply.heads.at(-1)).toContain('grpc-status=0');
  expect(seen.length).toBe(before + 1);
});

test('handshakes that are not finished are ended, and nobody waits for them', async () => {
  const halves: Socket[] = Array.from({ length: 60 }, () => connect(node.port, node.address));
  const closed = halves.map((socket) => new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve)));
  for (const socket of halves) socket.write(Buffer.from([0x16, 0x03, 0x01]));
  await others();
  for (const socket of halves) socket.resume();
  await Promise.all(closed);
});

test('a client that says nothing after its handshake is left', async () => {
  using silent = raw();
  await eventually(() => expect(silent.goaway).toBe(4), within);
  await eventually(() => expect(silent.isClosed).toBe(true), within);
});

test('headers that come byte by byte and never end are given up', async () => {
  using slow = raw().greet();
  await slow.ended(slow.request(CALL));
  slow.send(frame(1, 0, 3, Buffer.from([0x83])));
  const timer = setInterval(() => slow.send(frame(9, 0, 3, Buffer.from([0x87]))), 50);
  await eventually(() => expect(slow.goaway).toBe(11), within);
  clearInterval(timer);
  await others();
});

test('streams that are opened and reset at once end in GOAWAY, and a stream of somebody else goes on', async () => {
  const stream = client(node.dial(), MachineServiceDefinition).Read({ path: '50' })[Symbol.asyncIterator]();
  await stream.next();
  using rapid = raw().greet();
  for (let n = 0; n < 1500 && rapid.goaway === undefined; n++) {
    const id = rapid.request(CALL, undefined);
    rapid.send(frame(3, 0, id, Buffer.from([0, 0, 0, 8])));
    if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await eventually(() => expect(rapid.goaway).toBe(11), within);
  let read = 1;
  for (let next = await stream.next(); next.done !== true; next = await stream.next()) read++;
  expect(read).toBe(50);
  await others();
});

test('more connections than allowed are told so, and those far beyond are closed', async () => {
  await using own = new Scope();
  const limitCounts = new LimitCounts();
  const small = own.use(
    await TestNode.start({ ca, services: [testMachine('one')], connectionLimits: { connections: 3 }, limitCounts }),
  );
  const clients = Array.from({ length: 3 }, () =>
    new RawClient({ host: small.address, port: small.port, ca: ca.certPem, who: admin }).greet(),
  );
  for (const one of clients) expect((await one.ended(one.request(CALL))).heads.at(-1)).toContain('grpc-status=0');
  const surplus = new RawClient({ host: small.address, port: small.port, ca: ca.certPem, who: admin }).greet();
  const told = await surplus.ended(surplus.request(CALL));
  expect(told.heads.at(-1)).toMatch(/grpc-status=8 grpc-message=too many connections: at most 3 .*grpc-status-details-bin=/);
  await eventually(() => expect(surplus.isClosed).toBe(true), within);
  expect(limitCounts.all.get('connections')).toBe(1);
  const far = Array.from({ length: 80 }, () => connect(small.port, small.address));
  for (const socket of far) socket.on('error', () => undefined).resume();
  await eventually(() => expect(far.some((socket) => socket.destroyed)).toBe(true), within);
  for (const socket of far) socket.destroy();
  clients[0]?.socket.destroy();
  await eventually(async () => {
    using late = new RawClient({ host: small.address, port: small.port, ca: ca.certPem, who: admin }).greet();
    expect((await late.ended(late.request(CALL))).heads.at(-1)).toContain('grpc-status=0');
  }, within);
  for (const one of clients) one.socket.destroy();
});
