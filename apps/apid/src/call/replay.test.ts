import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Data } from '@minos/api/common';
import { VersionResponse } from '@minos/api/machine';
import { Scope } from '@minos/base';
import { type SeenCall, testMachine } from '../testing/machine.ts';
import { TestNode } from '../testing/node.ts';
import { clientCertificate, testAuthority } from '../testing/pki.ts';
import { RawClient, type RawField, type RawReply } from '../testing/raw-client.ts';

const ca = testAuthority();
const admin = clientCertificate(ca, ['os:admin']);
const scope = new Scope();
const seenByFirst: SeenCall[] = [];
const seenBySecond: SeenCall[] = [];
const [A, B, DEAD] = ['127.0.0.1', '127.0.0.2', '127.0.0.9'];
let first: TestNode;

beforeAll(async () => {
  const second = scope.use(await TestNode.start({ ca, services: [testMachine('two', seenBySecond)], address: B }));
  first = scope.use(await TestNode.start({ ca, services: [testMachine('one', seenByFirst)], port: second.port }));
});

afterAll(() => scope.close());

/** The two client lines, as they are on the wire: what comes before and after their own fields, and in which order. */
const LINES = {
  13: { userAgent: 'grpc-go/1.82.1', one: (node: string): RawField[] => [['nodes', node]] },
  14: { userAgent: 'grpc-go/1.83.0', one: (node: string): RawField[] => [['node', node]] },
} as const;

interface Asked {
  readonly line: keyof typeof LINES;
  readonly method: string;
  readonly targets?: readonly RawField[];
  readonly timeout?: string;
  /** Several endpoints: the authority has no port. */
  readonly authority?: string;
  readonly body?: Buffer;
}

function fieldsOf({ line, method, targets = [], timeout, authority }: Asked): RawField[] {
  return [
    [':method', 'POST'],
    [':scheme', 'https'],
    [':path', `/machine.MachineService/${method}`],
    [':authority', authority ?? `127.0.0.1:${first.port}`],
    ['content-type', 'application/grpc'],
    ['user-agent', LINES[line].userAgent],
    ['te', 'trailers'],
    ...(timeout === undefined ? [] : [['grpc-timeout', timeout] as const]),
    ['grpc-accept-encoding', 'gzip'],
    ...targets,
    ['runtime', 'Talos'],
    ['context', 'cluster-1'],
  ];
}

const connect = (): RawClient => new RawClient({ host: A, port: first.port, ca: ca.certPem, who: admin }).greet();

async function ask(asked: Asked): Promise<RawReply> {
  using raw = connect();
  // Awaited here: the connection ends with this function.
  return await raw.ended(raw.request(fieldsOf(asked), asked.body ?? Buffer.alloc(5)));
}

/** The messages of a body, without their prefixes. */
function messagesOf(body: Buffer): Buffer[] {
  const all: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const length = body.readUInt32BE(at + 1);
    all.push(body.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  return all;
}

function versions(reply: RawReply): (readonly [string | undefined, string | undefined, string | undefined])[] {
  const [message, ...more] = messagesOf(reply.body);
  expect(more).toEqual([]);
  const { messages } = VersionResponse.decode(message ?? Buffer.alloc(0));
  return messages
    .map((m) => [m.metadata?.hostname, m.version?.tag, m.metadata?.error] as const)
    .sort(([a = ''], [b = '']) => a.localeCompare(b));
}

describe('what both lines send comes back as they need it', () => {
  test.each([13, 14] as const)('line %d: no node at all is answered here, without names', async (line) => {
    const reply = await ask({ line, method: 'Version' });
    expect(versions(reply)).toEqual([[undefined, 'one', undefined]]);
    expect(reply.heads[0]).toMatch(/^:status=200 content-type=application\/grpc/);
    expect(reply.heads.at(-1)).toContain('grpc-status=0');
  });

  test('line 13: one `nodes` field for each node gives one message with a row for each', async () => {
    const reply = await ask({
      line: 13,
      method: 'Version',
      targets: [
        ['nodes', A],
        ['nodes', B],
      ],
    });
    expect(versions(reply)).toEqual([
      [A, 'one', ''],
      [B, 'two', ''],
    ]);
    expect(reply.heads.at(-1)).toBe('grpc-status=0');
  });

  test('line 13: a single node in `nodes` is aggregation too: its failure is a row, and the call ends well', async () => {
    const reply = await ask({ line: 13, method: 'Version', targets: LINES[13].one(DEAD) });
    expect(reply.heads.at(-1)).toBe('grpc-status=0');
    const [[host, tag, error] = []] = versions(reply);
    expect([host, tag]).toEqual([DEAD, undefined]);
    expect(error).toMatch(/^rpc error: code = Unavailable desc = connection error: /);
  });

  test('line 14: `node` is one call, without a name in the answer, and its failure is the failure of the call', async () => {
    expect(versions(await ask({ line: 14, method: 'Version', targets: LINES[14].one(B) }))).toEqual([
      [undefined, 'two', undefined],
    ]);
    const dead = await ask({ line: 14, method: 'Version', targets: LINES[14].one(DEAD) });
    expect(dead.heads.length).toBe(1);
    expect(dead.heads[0]).toMatch(
      /^:status=200 content-type=application\/grpc grpc-status=14 grpc-message=connection error: .*grpc-status-details-bin=\S+$/,
    );
  });

  test('line 13: `get` mixes both in one connection', async () => {
    using raw = connect();
    const version = raw.request(
      fieldsOf({
        line: 13,
        method: 'Version',
        targets: [
          ['nodes', A],
          ['nodes', B],
        ],
      }),
    );
    const one = raw.request(fieldsOf({ line: 13, method: 'Hostname', targets: [['node', A]] }));
    const other = raw.request(fieldsOf({ line: 13, method: 'Hostname', targets: [['node', B]] }));
    expect(versions(await raw.ended(version)).map(([host]) => host)).toEqual([A, B]);
    expect((await raw.ended(one)).body.toString()).toContain('one');
    expect((await raw.ended(other)).body.toString()).toContain('two');
  });

  test.each([13, 14] as const)('line %d: an empty `node` is this node', async (line) => {
    expect(versions(await ask({ line, method: 'Version', targets: [['node', '']] }))).toEqual([[undefined, 'one', undefined]]);
  });

  test.each([13, 14] as const)(
    'line %d: with several endpoints the authority has no port, and is what others hear',
    async (line) => {
      await ask({ line, method: 'Version', authority: A, targets: LINES[line].one(B) });
      expect(seenBySecond.at(-1)?.header('proxyfrom')).toEqual([A]);
      expect(seenBySecond.at(-1)?.header('runtime')).toEqual(['Talos']);
      expect(seenBySecond.at(-1)?.header('context')).toEqual(['cluster-1']);
      expect(seenBySecond.at(-1)?.header('talos-role')).toEqual(['os:admin']);
      for (const name of ['node', 'nodes']) expect([name, seenBySecond.at(-1)?.header(name)]).toEqual([name, []]);
    },
  );

  test('line 13: a stream from several nodes has the name of its node in each message, and the dead one an error', async () => {
    const body = Buffer.from('0000000003', 'hex');
    const request = Buffer.concat([body, Buffer.from('120178', 'hex')]);
    const reply = await ask({
      line: 13,
      method: 'Logs',
      targets: [
        ['nodes', A],
        ['nodes', DEAD],
        ['nodes', B],
      ],
      body: request,
    });
    const all = messagesOf(reply.body).map((m) => Data.decode(m));
    for (const [host, name] of [
      [A, 'one'],
      [B, 'two'],
    ]) {
      const lines = all.filter((m) => m.metadata?.hostname === host).map((m) => m.bytes.toString());
      expect(lines).toEqual([`${name} 0\n`, `${name} 1\n`, `${name} 2\n`]);
    }
    const failed = all.filter((m) => m.metadata?.error !== '');
    expect(failed.map((m) => [m.metadata?.hostname, m.metadata?.status?.code])).toEqual([[DEAD, 14]]);
    expect(reply.heads.at(-1)).toBe('grpc-status=0');
  });

  test('line 14: the same stream, one call for each node, has no names', async () => {
    const request = Buffer.from('0000000003120178', 'hex');
    const reply = await ask({ line: 14, method: 'Logs', targets: LINES[14].one(B), body: request });
    const all = messagesOf(reply.body).map((m) => Data.decode(m));
    expect(all.map((m) => [m.metadata, m.bytes.toString()])).toEqual([0, 1, 2].map((n) => [undefined, `two ${n}\n`]));
  });

  test.each(['29980110u', '1799991m', '10S'])('a deadline of %s is taken, and the call goes on to the node', async (timeout) => {
    expect(versions(await ask({ line: 14, method: 'Version', targets: LINES[14].one(B), timeout }))[0]?.[1]).toBe('two');
  });

  test('both refusals are exact', async () => {
    const nobody = new RawClient({
      host: A,
      port: first.port,
      ca: ca.certPem,
      who: clientCertificate(ca, ['os:reader']),
    }).greet();
    const denied = await nobody.ended(nobody.request(fieldsOf({ line: 14, method: 'Reboot', targets: LINES[14].one(B) })));
    expect(denied.heads[0]).toMatch(/grpc-status=7 grpc-message=not authorized( |$)/);
    nobody.socket.destroy();
    const wrong = await ask({
      line: 14,
      method: 'Version',
      targets: [
        ['node', A],
        ['node', B],
      ],
    });
    expect(wrong.heads[0]).toMatch(/grpc-status=3 grpc-message=node metadata must be single-valued/);
  });

  test('a client that leaves as grpc-go does (RST CANCEL, GOAWAY, close) ends its stream on the node', async () => {
    using raw = connect();
    const request = Buffer.from('00000000051201782801', 'hex');
    const id = raw.request(fieldsOf({ line: 14, method: 'Logs', targets: LINES[14].one(B), body: request }), request);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const rst = Buffer.from([0, 0, 4, 3, 0, 0, 0, 0, id, 0, 0, 0, 8]);
    raw.send(rst, Buffer.from([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    raw.socket.end();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(seenBySecond.at(-1)?.context.signal.aborted).toBe(true);
  });
});
