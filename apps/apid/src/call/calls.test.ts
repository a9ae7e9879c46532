import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DebugContainerRunRequest, DebugServiceDefinition, LogsRequest, MachineServiceDefinition } from '@minos/api/machine';
import { Scope } from '@minos/base';
import { type Client, client } from '@minos/rpc';
import { eventually } from '@minos/testkit';
import { echoMachine, type SeenCall, testMachine } from '../testing/machine.ts';
import { TestNode } from '../testing/node.ts';
import { testAuthority } from '../testing/pki.ts';
import { wireCut } from '../testing/wire-cut.ts';

type Machine = Client<typeof MachineServiceDefinition>;

const ca = testAuthority();
const scope = new Scope();
const seenByFirst: SeenCall[] = [];
const seenBySecond: SeenCall[] = [];
let first: TestNode;
let second: TestNode;
let api: Machine;

const DEAD = '127.0.0.9';
const HOLE = '127.0.0.8';

beforeAll(async () => {
  second = scope.use(
    await TestNode.start({ ca, services: [testMachine('two', seenBySecond)], address: '127.0.0.2', isWorker: true }),
  );
  first = scope.use(
    await TestNode.start({
      ca,
      services: [testMachine('one', seenByFirst), echoMachine()],
      port: second.port,
      policies: { remote: { connectTimeoutMs: 1200 } },
    }),
  );
  const hole = scope.use(await wireCut(HOLE, second.port, { host: '127.0.0.2', port: second.port }));
  hole.cut();
  api = client(first.dial(), MachineServiceDefinition);
});

afterAll(() => scope.close());

const rows = (messages: readonly { metadata?: { hostname: string; error: string } | undefined }[]) =>
  messages.map((m) => [m.metadata?.hostname, m.metadata?.error]).sort();

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of stream) all.push(one);
  return all;
}

describe('to one node', () => {
  test('nothing is added to the reply, and the other node sees the roles and who sent it', async () => {
    const reply = await api.Version({}, { metadata: { node: '127.0.0.2' } });
    expect(reply.messages).toEqual([expect.objectContaining({ metadata: undefined })]);
    const seen = seenBySecond.at(-1);
    expect(seen?.header('talos-role')).toEqual(['os:admin']);
    expect(seen?.header('proxyfrom')).toEqual([`127.0.0.1:${first.port}`]);
    expect(seen?.header('node')).toEqual([]);
  });

  test('an error comes back with its code and its whole message', async () => {
    const failed = { kind: 'precondition', message: 'no memory of it: 100 % ü' };
    await expect(api.Memory({})).rejects.toMatchObject(failed);
    await expect(api.Memory({}, { metadata: { node: '127.0.0.2' } })).rejects.toMatchObject(failed);
  });

  test('a method that nobody implements says so', async () => {
    await expect(api.Stats({ namespace: '', driver: 0 })).rejects.toMatchObject({ kind: 'unimplemented' });
  });

  test('a node that is not there is unavailable, and so is one that does not answer', async () => {
    await expect(api.Version({}, { metadata: { node: DEAD } })).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(api.Version({}, { metadata: { node: HOLE } })).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('a node whose certificate has another name is not spoken to', async () => {
    const other = await wireCut('127.0.0.7', second.port, { host: '127.0.0.2', port: second.port });
    const refused = api.Version({}, { metadata: { node: '127.0.0.7' } });
    await expect(refused).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining('127.0.0.7') });
    await other[Symbol.asyncDispose]();
  });

  test('a stream of requests goes through with one reply', async () => {
    async function* parts() {
      for (let n = 0; n < 50; n++) yield { metadata: undefined, bytes: Buffer.alloc(100_000) };
    }
    await api.EtcdRecover(parts());
    expect(seenByFirst.at(-1)?.method).toBe('EtcdRecover 5000000');
    await api.EtcdRecover(parts(), { metadata: { node: '127.0.0.2' } });
    expect(seenBySecond.at(-1)?.method).toBe('EtcdRecover 5000000');
  });

  test('a hundred streams both ways at once do not get into each other', async () => {
    const debug = client(first.dial(), DebugServiceDefinition);
    const talk = async (id: number): Promise<void> => {
      let sent = 0;
      let answered = (): void => undefined;
      async function* requests() {
        for (; sent < 20; sent++) {
          yield DebugContainerRunRequest.fromPartial({ request: { $case: 'stdinData', value: Buffer.from(`${id}.${sent}`) } });
          await new Promise<void>((resolve) => {
            answered = resolve;
          });
        }
      }
      const got: string[] = [];
      for await (const { resp } of debug.ContainerRun(requests())) {
        if (resp?.$case === 'stdoutData') got.push(resp.value.toString());
        answered();
      }
      expect(got).toEqual(Array.from({ length: 20 }, (_, n) => `${id}.${n}`));
    };
    await Promise.all(Array.from({ length: 100 }, (_, id) => talk(id)));
  });

  test('leaving a stream ends it on the node that serves it', async () => {
    for (const metadata of [{}, { node: '127.0.0.2' }, { nodes: ['127.0.0.2'] }]) {
      const seen = 'node' in metadata || 'nodes' in metadata ? seenBySecond : seenByFirst;
      for await (const _ of api.Logs(LogsRequest.fromPartial({ id: 'x', follow: true }), { metadata })) break;
      await eventually(() => expect(seen.at(-1)?.context.signal.aborted).toBe(true), { withinMs: 2000 });
    }
  });

  test('a deadline ends the call here and is known to the node that serves it', async () => {
    await expect(api.LoadAvg({}, { timeoutMs: 150 })).rejects.toMatchObject({ kind: 'deadline' });
    await expect(api.LoadAvg({}, { timeoutMs: 150, metadata: { node: '127.0.0.2' } })).rejects.toMatchObject({
      kind: 'deadline',
    });
  });

  test('a reader that is slow stops the node that sends, not the others', async () => {
    const isBlock = (seen: SeenCall): boolean => seen.method === 'block';
    for (const [metadata, seen] of [
      [{}, seenByFirst],
      [{ node: '127.0.0.2' }, seenBySecond],
    ] as const) {
      const before = seen.filter(isBlock).length;
      const stream = api.Read({ path: '1000' }, { metadata })[Symbol.asyncIterator]();
      await stream.next();
      await new Promise((resolve) => setTimeout(resolve, 300));
      const sent = seen.filter(isBlock).length - before;
      expect(sent * 64).toBeLessThan(10 * 1024);
      expect((await api.Version({}, { metadata })).messages.length).toBe(1);
      let read = 1;
      for (let next = await stream.next(); next.done !== true; next = await stream.next()) read++;
      expect(read).toBe(1000);
    }
  });
});

describe('to many nodes', () => {
  test('each answers under its name, and a dead one and one that is silent are errors in their place', async () => {
    const reply = await api.Version({}, { metadata: { nodes: ['127.0.0.1', DEAD, '127.0.0.2', HOLE] } });
    expect(rows(reply.messages)).toEqual([
      ['127.0.0.1', ''],
      ['127.0.0.2', ''],
      [HOLE, expect.stringMatching(/^rpc error: code = Unavailable desc = connection error: /)],
      [DEAD, expect.stringMatching(/^rpc error: code = Unavailable desc = connection error: .*ECONNREFUSED/)],
    ]);
    const dead = reply.messages.find((m) => m.metadata?.hostname === DEAD);
    expect(dead?.metadata?.status?.code).toBe(14);
    expect(dead?.version).toBeUndefined();
  });

  test('targets joined by commas and asked twice are each answered', async () => {
    const reply = await api.Version({}, { metadata: { nodes: ['127.0.0.1, 127.0.0.2', '127.0.0.1'] } });
    expect(rows(reply.messages).map(([name]) => name)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.2']);
  });

  test('an error of a node has its code and message', async () => {
    const reply = await api.Memory({}, { metadata: { nodes: ['127.0.0.1', '127.0.0.2'] } });
    for (const message of reply.messages) {
      expect(message.metadata?.error).toBe('rpc error: code = FailedPrecondition desc = no memory of it: 100 % ü');
      expect(message.metadata?.status).toMatchObject({ code: 9, message: 'no memory of it: 100 % ü' });
    }
  });

  test('streams come message by message, and end with the last node', async () => {
    const request = LogsRequest.fromPartial({ id: 'x' });
    const got = await collect(api.Logs(request, { metadata: { nodes: ['127.0.0.1', DEAD, '127.0.0.2', HOLE] } }));
    const lines = (name: string) => got.filter((m) => m.metadata?.hostname === name).map((m) => m.bytes.toString());
    expect(lines('127.0.0.1')).toEqual(['one 0\n', 'one 1\n', 'one 2\n']);
    expect(lines('127.0.0.2')).toEqual(['two 0\n', 'two 1\n', 'two 2\n']);
    const errors = got.filter((m) => m.metadata?.error !== '').map((m) => m.metadata?.hostname);
    expect(errors.sort()).toEqual([HOLE, DEAD].sort());
  });

  test('a large stream from two nodes to a slow reader comes whole', async () => {
    let bytes = 0;
    for await (const message of api.Read({ path: '200' }, { metadata: { nodes: ['127.0.0.1', '127.0.0.2'] } })) {
      bytes += message.bytes.length;
      if (bytes % (40 * 65_536) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(bytes).toBe(2 * 200 * 65_536);
  });

  test('a request that is a stream goes to all', async () => {
    async function* parts() {
      for (let n = 0; n < 30; n++) yield { metadata: undefined, bytes: Buffer.alloc(100_000) };
    }
    const reply = await api.EtcdRecover(parts(), { metadata: { nodes: ['127.0.0.1', DEAD, '127.0.0.2'] } });
    expect(rows(reply.messages).map(([name]) => name)).toEqual(['127.0.0.1', '127.0.0.2', DEAD]);
    expect(seenBySecond.at(-1)?.method).toBe('EtcdRecover 3000000');
  });

  test('a node that does not answer in time is an error, and the others are still there', async () => {
    const reply = await api.Version({}, { timeoutMs: 1000, metadata: { nodes: ['127.0.0.1', HOLE] } });
    // The attempt to connect may be older than the call, and end first.
    expect(rows(reply.messages)).toEqual([
      ['127.0.0.1', ''],
      [HOLE, expect.stringMatching(/DeadlineExceeded desc = context deadline exceeded|Unavailable .*no answer within/)],
    ]);
  });

  test('methods that may not, and targets with a port, are refused as a whole', async () => {
    const debug = client(first.dial(), DebugServiceDefinition);
    await expect(
      collect(debug.ContainerRun((async function* () {})(), { metadata: { nodes: ['127.0.0.1'] } })),
    ).rejects.toMatchObject({ kind: 'invalid' });
    await expect(api.Version({}, { metadata: { nodes: ['127.0.0.1:50000'] } })).rejects.toMatchObject({ kind: 'internal' });
  });

  test('a worker answers for itself, and forwards nothing', async () => {
    const worker = client(second.dial(), MachineServiceDefinition);
    expect((await worker.Version({}, { metadata: { nodes: ['127.0.0.2'] } })).messages[0]?.version?.tag).toBe('two');
    expect((await worker.Version({}, { metadata: { node: 'node-1' } })).messages[0]?.version?.tag).toBe('two');
    await expect(worker.Version({}, { metadata: { node: '127.0.0.1' } })).rejects.toMatchObject({
      kind: 'denied',
      message: 'no request forwarding',
    });
  });
});
