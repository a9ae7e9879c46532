import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LogsRequest, MachineServiceDefinition } from '@minos/api/machine';
import { Scope } from '@minos/base';
import { Field, Head } from '@minos/http2';
import { type Client, client } from '@minos/rpc';
import { eventually } from '@minos/testkit';
import { testMachine } from '../testing/machine.ts';
import { TestNode } from '../testing/node.ts';
import { testAuthority } from '../testing/pki.ts';
import { TRACE_HEADER, withTrace } from './hop-trace.ts';

const ca = testAuthority();
const scope = new Scope();
const OTHER = '127.0.0.2';
const DEAD = '127.0.0.9';
let api: Client<typeof MachineServiceDefinition>;

beforeAll(async () => {
  const second = scope.use(await TestNode.start({ ca, services: [testMachine('two')], address: OTHER, isWorker: true }));
  const first = scope.use(await TestNode.start({ ca, services: [testMachine('one')], port: second.port }));
  api = client(first.dial(), MachineServiceDefinition);
});

afterAll(() => scope.close());

type Ask = (options: NonNullable<Parameters<typeof api.Version>[1]>) => Promise<unknown>;

/** What the trailers say of the hops, without figures. */
async function hopsOf(ask: Ask, metadata: Readonly<Record<string, string | string[]>>): Promise<string[] | undefined> {
  let told: string[] | undefined;
  const ended = (trailers: { all(name: string): readonly string[] }): void => {
    told = trailers.all(TRACE_HEADER).map((text) => text.replaceAll(/=\d+\.\d\d(?= |$)/g, ''));
  };
  await ask({ metadata, observe: () => ({ answered: () => undefined, ended }) }).catch(() => undefined);
  await eventually(() => expect(told).toBeDefined(), { withinMs: 5000 });
  return told;
}

const version: Ask = (options) => api.Version({}, options);

test('nobody who does not ask is told of hops', async () => {
  expect(await hopsOf(version, {})).toEqual([]);
  expect(await hopsOf(version, { node: OTHER })).toEqual([]);
  expect(await hopsOf(version, { nodes: ['127.0.0.1', OTHER] })).toEqual([]);
});

test('a call to this node tells of its way to machined', async () => {
  expect(await hopsOf(version, { 'minos-trace': '1' })).toEqual(['to=machined pool=hit sent first last']);
});

test('a call to another node tells of both hops, first over a connection that was made, then over one of the pool', async () => {
  const traced = { 'minos-trace': '1', node: OTHER };
  const known = (await hopsOf(version, traced)) ?? [];
  expect(known[0]).toMatch(/^at=127\.0\.0\.2 to=machined pool=(hit|miss)/);
  expect(known[1]).toMatch(/^to=127\.0\.0\.2 pool=hit sent first last$/);
});

test('a node that cannot be reached is told of as well', async () => {
  const hops = await hopsOf(version, { 'minos-trace': '1', node: DEAD });
  expect(hops).toEqual([`to=${DEAD} pool=none last`]);
});

test('of many nodes each tells of its hops, also in streams, and also the dead one', async () => {
  const traced = { 'minos-trace': '1', nodes: ['127.0.0.1', OTHER, DEAD] };
  const logs: Ask = async (options) => {
    for await (const _line of api.Logs(LogsRequest.fromPartial({ id: 'x' }), options));
  };
  for (const ask of [version, logs]) {
    const hops = (await hopsOf(ask, traced)) ?? [];
    expect(hops.map((hop) => hop.replace(/ pool.*/, '')).sort()).toEqual([
      'at=127.0.0.1 to=machined',
      'at=127.0.0.2 to=machined',
      'to=127.0.0.1',
      'to=127.0.0.2',
      `to=${DEAD}`,
    ]);
  }
});

test('what is too much for trailers is counted', () => {
  const entries = Array.from({ length: 1000 }, (_, n) => `to=10.0.0.${n} pool=hit sent=0.01 first=1.00 last=1.00`);
  const head = withTrace(new Head([new Field('grpc-status', '0'), new Field(TRACE_HEADER, 'of a hop behind')]), entries);
  const bytes = head.fields.reduce((sum, field) => sum + field.name.length + field.value.length + 32, 0);
  expect(bytes).toBeLessThan(13_000);
  const last = head.fields.at(-1)?.value ?? '';
  expect(head.fields.length - 2 + Number(last.replace('more=', ''))).toBe(1000);
  expect(head.get(TRACE_HEADER)).toBe(entries[0]);
});
