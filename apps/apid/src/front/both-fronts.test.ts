import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DebugContainerRunRequest, DebugServiceDefinition, LogsRequest, MachineServiceDefinition } from '@minos/api/machine';
import { Scope } from '@minos/base';
import { client } from '@minos/rpc';
import { eventually } from '@minos/testkit';
import { echoMachine, type SeenCall, testMachine } from '../testing/machine.ts';
import { TestNode } from '../testing/node.ts';
import { clientCertificate, testAuthority } from '../testing/pki.ts';
import { RawClient, type RawField } from '../testing/raw-client.ts';

const ca = testAuthority();
const scope = new Scope();
const [A, B, DEAD] = ['127.0.0.1', '127.0.0.2', '127.0.0.9'];
const seen: SeenCall[] = [];
const KINDS = ['frames', 'node'] as const;
const fronts: Partial<Record<(typeof KINDS)[number], TestNode>> = {};

beforeAll(async () => {
  const second = scope.use(await TestNode.start({ ca, services: [testMachine('two', seen)], address: B }));
  for (const http2 of KINDS) {
    const services = [testMachine('one', seen), echoMachine()];
    fronts[http2] = scope.use(await TestNode.start({ ca, services, remotePort: second.port, http2 }));
  }
});

afterAll(() => scope.close());

function front(kind: (typeof KINDS)[number]): TestNode {
  const node = fronts[kind];
  if (node === undefined) throw new Error(`no front ${kind}`);
  return node;
}

interface Asked {
  readonly roles?: readonly string[];
  readonly method?: string;
  readonly more?: readonly RawField[];
  readonly body?: string;
  readonly verb?: string;
  readonly type?: string;
}

/** What both client lines send, and what nobody should. */
const ASKED: Readonly<Record<string, Asked>> = {
  'no node': {},
  'an empty node': { more: [['node', '']] },
  'one node': { more: [['node', B]] },
  'one node of many': { more: [['nodes', B]] },
  'a dead node': { more: [['node', DEAD]] },
  'a dead node of many': { more: [['nodes', DEAD]] },
  'two nodes where one may be': {
    more: [
      ['node', A],
      ['node', B],
    ],
  },
  'a node with a port': { more: [['nodes', `${B}:50000`]] },
  'a stream of one node': { method: 'Logs', more: [['node', B]], body: '0000000003120178' },
  'a stream of many nodes': { method: 'Logs', more: [['nodes', B]], body: '0000000003120178' },
  'an error of the service': { method: 'Memory' },
  'an error of the service of many': { method: 'Memory', more: [['nodes', B]] },
  'a method that nobody implements': { method: 'Stats' },
  'an unknown method': { method: 'Nonsense' },
  'a call that the role does not allow': { method: 'Reboot', roles: ['os:reader'] },
  'a role that a client claims': { method: 'Reboot', roles: ['os:reader'], more: [['talos-role', 'os:admin']] },
  'no role at all': { roles: [] },
  'another verb': { verb: 'GET' },
  'another content type': { type: 'text/plain' },
  'a deadline': { more: [['grpc-timeout', '29980110u']] },
};

async function replyOf(node: TestNode, asked: Asked): Promise<unknown> {
  const who = clientCertificate(ca, asked.roles ?? ['os:admin']);
  using raw = new RawClient({ host: A, port: node.port, ca: ca.certPem, who }).greet();
  const fields: RawField[] = [
    [':method', asked.verb ?? 'POST'],
    [':scheme', 'https'],
    [':path', `/machine.MachineService/${asked.method ?? 'Version'}`],
    [':authority', 'endpoint'],
    ['content-type', asked.type ?? 'application/grpc'],
    ['te', 'trailers'],
    ...(asked.more ?? []),
  ];
  const { heads, body, isEnded } = await raw.ended(raw.request(fields, Buffer.from(asked.body ?? '0000000000', 'hex')));
  const sorted = heads.map((head) => head.split(/ (?=[\w:-]+=)/).sort());
  return { heads: sorted, body: body.toString('latin1'), isEnded };
}

test.each(Object.keys(ASKED))('%s: both fronts answer the same', async (name) => {
  const asked = ASKED[name] ?? {};
  const reply = await replyOf(front('frames'), asked);
  // Once more, because the first may have met a connection that was being made.
  expect(await replyOf(front('node'), asked)).toEqual(reply);
});

describe.each(KINDS)('on the front of %s', (kind) => {
  const api = () => client(front(kind).dial(), MachineServiceDefinition);

  test('a large stream to a slow reader comes whole', async () => {
    let bytes = 0;
    for await (const message of api().Read({ path: '200' }, { metadata: { nodes: [B] } })) {
      bytes += message.bytes.length;
      if (bytes % (40 * 65_536) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(bytes).toBe(200 * 65_536);
  });

  test('a stream of requests goes through, and both directions at once', async () => {
    async function* parts() {
      for (let n = 0; n < 30; n++) yield { metadata: undefined, bytes: Buffer.alloc(100_000) };
    }
    await api().EtcdRecover(parts());
    expect(seen.some((call) => call.method === 'EtcdRecover 3000000')).toBe(true);
    async function* words() {
      for (const word of ['a', 'b', 'c']) {
        yield DebugContainerRunRequest.fromPartial({ request: { $case: 'stdinData', value: Buffer.from(word) } });
      }
    }
    const debug = client(front(kind).dial(), DebugServiceDefinition);
    const got: unknown[] = [];
    for await (const { resp } of debug.ContainerRun(words())) got.push(resp?.value?.toString());
    expect(got).toEqual(['a', 'b', 'c']);
  });

  test('a client that leaves ends its stream on the node', async () => {
    const stop = new AbortController();
    const request = LogsRequest.fromPartial({ id: 'x', follow: true });
    const stream = api()
      .Logs(request, { metadata: { node: B }, signal: stop.signal })
      [Symbol.asyncIterator]();
    for (let line = 0; line < 3; line++) await stream.next();
    const call = seen.findLast(({ method }) => method === 'Logs');
    const rest = stream.next();
    stop.abort();
    await expect(rest).rejects.toMatchObject({ kind: 'cancelled' });
    await eventually(() => expect(call?.context.signal.aborted).toBe(true), { withinMs: 5000 });
  });
});
