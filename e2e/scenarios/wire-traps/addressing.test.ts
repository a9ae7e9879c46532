import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ContainerDriver } from '@minos/api/common';
import { MachineServiceDefinition, VersionResponse } from '@minos/api/machine';
import { Scope } from '@minos/base';
import { client } from '@minos/rpc';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { adminChannel, type RawReply, rawConnection } from '../../harness/cluster-api.ts';
import { run } from '../../harness/run.ts';

const VERSION = '/machine.MachineService/Version';
/** On the cluster's own bridge, and nobody's. */
const NOBODY_HOST = 250;

let cluster: Cluster;
let addresses: readonly string[];
beforeAll(async () => {
  cluster = await startCluster({ name: 'traps' });
  addresses = cluster.nodes.map((node) => node.address);
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

/** Whom the nodes of a reply were asked as, sorted; '' for a reply without a name. */
function namesOf(reply: RawReply): readonly string[] {
  expect(reply.headers[':status']).toBe(200);
  expect(reply.trailers['grpc-status'] ?? reply.headers['grpc-status']).toBe('0');
  const { messages } = VersionResponse.decode(reply.body.subarray(5));
  return messages.map(({ metadata }) => metadata?.hostname ?? '').sort();
}

test('without a node header, or with an empty one, the endpoint answers for itself and names nobody', async () => {
  using raw = await rawConnection(cluster);
  for (const headers of [{}, { node: '' }, { nodes: '' }, { node: '', nodes: '' }]) {
    expect(namesOf(await raw.call(VERSION, headers))).toEqual(['']);
  }
});

test('several fields `nodes` and one with commas mean the same nodes, under the names that were sent', async () => {
  using raw = await rawConnection(cluster);
  const sorted = [...addresses].sort();
  expect(namesOf(await raw.call(VERSION, { nodes: [...addresses] }))).toEqual(sorted);
  expect(namesOf(await raw.call(VERSION, { nodes: addresses.join(', ') }))).toEqual(sorted);
  expect(namesOf(await raw.call(VERSION, { nodes: addresses.join(',') }))).toEqual(sorted);
  const [first = ''] = addresses;
  expect(namesOf(await raw.call(VERSION, { nodes: [first, first] }))).toEqual([first, first]);
  expect(namesOf(await raw.call(VERSION, { nodes: first }))).toEqual([first]);
});

test('`node` answers as that node without a name, and two of them are refused', async () => {
  using raw = await rawConnection(cluster);
  for (const node of addresses) expect(namesOf(await raw.call(VERSION, { node }))).toEqual(['']);
  const refused = await raw.call(VERSION, { node: [...addresses] });
  expect(refused.trailers['grpc-status'] ?? refused.headers['grpc-status']).toBe('3');
});

test('an authority without a port, and headers of other clients, change nothing', async () => {
  using raw = await rawConnection(cluster);
  const [, worker = ''] = addresses;
  const others = { ':authority': cluster.controlPlane.address, runtime: 'Talos', context: 'x', 'user-agent': 'grpc-go/1.83.0' };
  expect(namesOf(await raw.call(VERSION, { ...others, node: worker }))).toEqual(['']);
  expect(namesOf(await raw.call(VERSION, { ...others, nodes: worker, 'grpc-timeout': '1799991m' }))).toEqual([worker]);
});

test('a dead node among `nodes` is a message with its error in Go form, and the call is OK', async () => {
  await using scope = new Scope();
  const machine = client(scope.use(await adminChannel(cluster)), MachineServiceDefinition);
  const dead = cluster.controlPlane.address.replace(/\d+$/, String(NOBODY_HOST));
  const metadata = { nodes: [...addresses, dead] };
  const { messages } = await machine.Version({}, { metadata, timeoutMs: 20_000 });
  expect(messages).toHaveLength(addresses.length + 1);
  const failed = messages.find((message) => message.metadata?.hostname === dead);
  expect(failed?.version).toBeUndefined();
  expect(failed?.metadata?.error).toMatch(/^rpc error: code = Unavailable desc = /);
  expect(failed?.metadata?.status?.code).toBe(14);
  const errors: string[] = [];
  const request = { namespace: 'system', id: 'machined', tailLines: 1, follow: false, driver: ContainerDriver.CONTAINERD };
  for await (const { metadata: named } of machine.Logs(request, { metadata, timeoutMs: 20_000 }))
    if (named?.error) errors.push(`${named.hostname} ${named.error}`);
  expect(errors).toEqual([expect.stringMatching(new RegExp(`^${dead} rpc error: code = Unavailable desc = `))]);
}, 60_000);

test('a worker answers for itself by any of its names, and forwards to nobody', async () => {
  await using scope = new Scope();
  const [worker] = cluster.workers;
  if (worker === undefined) throw new Error('no worker');
  const machine = client(scope.use(await adminChannel(cluster, worker)), MachineServiceDefinition);
  for (const metadata of [{}, { node: worker.address }, { node: worker.name }, { nodes: worker.address }]) {
    expect((await machine.Hostname({}, { metadata })).messages[0]?.hostname).toBe(worker.name);
  }
  const elsewhere = { metadata: { node: cluster.controlPlane.address } };
  await expect(machine.Hostname({}, elsewhere)).rejects.toMatchObject({ kind: 'denied', message: 'no request forwarding' });
});

test('every node can be an endpoint’s target for large requests: a message of 20 MiB is not too large', async () => {
  await using scope = new Scope();
  const machine = client(scope.use(await adminChannel(cluster)), MachineServiceDefinition);
  const data = Buffer.from(`# ${'x'.repeat(120)}\n`.repeat(170_000));
  expect(data.length).toBeGreaterThan(19 << 20);
  for (const node of addresses) {
    const call = machine.ApplyConfiguration(
      { data, mode: 1, dryRun: true, tryModeTimeout: undefined },
      { metadata: { node }, timeoutMs: 60_000 },
    );
    await expect(call).rejects.toMatchObject({ kind: 'invalid' });
  }
}, 120_000);

test('the request for a client’s certificate names no authority, or the one that issued it', async () => {
  const asked = await run('openssl', ['s_client', '-connect', `${cluster.controlPlane.address}:50000`, '-alpn', 'h2'], {
    timeoutMs: 10_000,
  });
  const text = asked.stdout;
  const none = text.includes('No client certificate CA names sent');
  const own = /Acceptable client certificate CA names\n((?:.*\n)*?)(?:Requested|Client|Shared|Peer)/.exec(text)?.[1] ?? '';
  expect(none || own.trim() === 'O = talos' || own.trim() === 'O=talos').toBe(true);
  expect(text).toMatch(/ed25519/i);
});

test('a connection has room for two dashboards of open streams', async () => {
  await using scope = new Scope();
  const machine = client(scope.use(await adminChannel(cluster)), MachineServiceDefinition);
  const stop = new AbortController();
  const request = { tailEvents: 0, tailId: '', tailSeconds: 0, withActorId: '' };
  const streams = Array.from({ length: 80 }, (_, i) =>
    machine
      .Events(request, { metadata: { node: addresses[i % addresses.length] ?? '' }, signal: stop.signal })
      [Symbol.asyncIterator](),
  );
  const firsts = await Promise.all(streams.map((stream) => stream.next()));
  expect(firsts.every(({ done, value }) => done === false && value.data === undefined && value.id === '')).toBe(true);
  expect((await machine.Version({}, { timeoutMs: 5000 })).messages).toHaveLength(1);
  stop.abort();
});
