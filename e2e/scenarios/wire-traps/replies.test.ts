import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  ApplyConfigurationRequest_Mode,
  DmesgRequest,
  Event,
  EventsRequest,
  ListRequest,
  ListRequest_Type,
  MachineServiceDefinition,
  MachineStatusEvent,
} from '@minos/api/machine';
import { Scope } from '@minos/base';
import { type Client, client } from '@minos/rpc';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { adminChannel, rawConnection } from '../../harness/cluster-api.ts';

const KNOWN_EVENTS = [
  'SequenceEvent',
  'PhaseEvent',
  'TaskEvent',
  'ServiceStateEvent',
  'ConfigLoadErrorEvent',
  'ConfigValidationErrorEvent',
  'AddressEvent',
  'MachineStatusEvent',
  'RestartEvent',
];
/** Bits of Go's FileMode, which are not those of st_mode. */
const GO_DIRECTORY = 2 ** 31;
const GO_SYMLINK = 2 ** 27;
const SOON = { timeoutMs: 15_000 };

let cluster: Cluster;
const scope = new Scope();
let machine: Client<typeof MachineServiceDefinition>;
/** Everything is asked of a worker, through the control plane. */
let metadata: { readonly node: string };
beforeAll(async () => {
  cluster = await startCluster({ name: 'replies', workers: 1 });
  machine = client(scope.use(await adminChannel(cluster)), MachineServiceDefinition);
  metadata = { node: cluster.workers[0]?.address ?? '' };
}, 200_000);
afterAll(async () => {
  await scope.close();
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of stream) found.push(one);
  return found;
}

test('the version parses, and lies where clients take the ways of today', async () => {
  const { messages } = await machine.Version({}, { metadata, ...SOON });
  const tag = messages[0]?.version?.tag ?? '';
  const [, major, minor] = /^v(\d+)\.(\d+)\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/.exec(tag) ?? [];
  expect([Number(major), Number(minor)]).toEqual([1, 14]);
  expect(messages[0]?.platform?.name).toBe('container');
  expect(messages[0]?.features?.rbac).toBe(true);
});

test('every service has events and health, and memory has its figures, also where they would be empty', async () => {
  const [services] = (await machine.ServiceList({}, { metadata, ...SOON })).messages;
  expect(services?.services.map(({ id }) => id).sort()).toEqual(['apid', 'machined', 'networkd']);
  for (const { events, health } of services?.services ?? []) {
    expect(events?.events.length).toBeGreaterThan(0);
    expect(health).toBeDefined();
    const times = (events?.events ?? []).map(({ ts }) => Number(ts?.seconds ?? 0n) * 1e9 + (ts?.nanos ?? 0));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  }
  const [memory] = (await machine.Memory({}, { metadata, ...SOON })).messages;
  expect(memory?.meminfo?.memtotal).toBeGreaterThan(0n);
});

test('calls without an argument take an empty message in one frame', async () => {
  using raw = await rawConnection(cluster);
  for (const method of [
    'Hostname',
    'Memory',
    'ServiceList',
    'LoadAvg',
    'SystemStat',
    'CPUInfo',
    'DiskStats',
    'Processes',
    'Mounts',
  ]) {
    const { headers, trailers, body } = await raw.call(`/machine.MachineService/${method}`, metadata);
    expect([method, headers['content-type'], trailers['grpc-status']]).toEqual([
      method,
      expect.stringMatching(/^application\/grpc/),
      '0',
    ]);
    expect(body.length).toBeGreaterThan(5);
  }
});

test('events begin with one empty message at once, and nothing comes while nothing happens', async () => {
  const stop = new AbortController();
  const stream = machine.Events(EventsRequest.fromPartial({}), { metadata, signal: stop.signal })[Symbol.asyncIterator]();
  const beganMs = performance.now();
  const first = await stream.next();
  expect(performance.now() - beganMs).toBeLessThan(1000);
  expect(first.value).toEqual(Event.fromPartial({}));
  const quiet = new Promise<string>((resolve) => setTimeout(() => resolve('quiet'), 12_000));
  const second = stream.next().catch(() => 'ended');
  expect(await Promise.race([second.then(() => 'something'), quiet])).toBe('quiet');
  stop.abort();
  await second;
}, 30_000);

test('the history has known events only, each whole, and begins with this boot', async () => {
  const stop = new AbortController();
  const request = EventsRequest.fromPartial({ tailEvents: -1 });
  const names: string[] = [];
  let isReady = false;
  const stream = machine.Events(request, { metadata, signal: stop.signal })[Symbol.asyncIterator]();
  expect((await stream.next()).value?.data).toBeUndefined();
  while (!isReady) {
    const { data, id } = (await stream.next()).value ?? Event.fromPartial({});
    expect(data?.typeUrl).toMatch(/^talos\/runtime\/machine\.[A-Za-z]+$/);
    expect(id).toHaveLength(20);
    const name = data?.typeUrl.split('.').at(-1) ?? '';
    names.push(name);
    if (name !== 'MachineStatusEvent' || data === undefined) continue;
    const { status, stage } = MachineStatusEvent.decode(data.value);
    expect(status).toBeDefined();
    isReady = status?.ready === true && stage === 4;
  }
  stop.abort();
  for (const name of names) expect(KNOWN_EVENTS).toContain(name);
}, 30_000);

test('a list has the bits of Go, names from the directory on, and the directory itself first', async () => {
  const request = ListRequest.fromPartial({ root: '/', recursionDepth: 1 });
  const entries = await all(machine.List(request, { metadata, ...SOON }));
  const names = entries.map(({ relativeName }) => relativeName);
  expect(names[0]).toBe('.');
  expect(names).toContain('etc');
  const modeOf = (name: string): number => entries.find(({ relativeName }) => relativeName === name)?.mode ?? 0;
  expect(modeOf('etc')).toBe(GO_DIRECTORY + 0o755);
  const links = ListRequest.fromPartial({ root: '/proc/self/fd', recursionDepth: 1, types: [ListRequest_Type.SYMLINK] });
  for (const { mode, link } of await all(machine.List(links, { metadata, ...SOON }))) {
    expect(Math.floor(mode / GO_SYMLINK) % 2).toBe(1);
    expect(link).not.toBe('');
  }
  const files = ListRequest.fromPartial({ root: '/etc', recursionDepth: 1, types: [ListRequest_Type.REGULAR] });
  for (const { mode, isDir } of await all(machine.List(files, { metadata, ...SOON }))) {
    expect(mode).toBe(0o644);
    expect(isDir).toBe(false);
  }
});

test('an archive is gzip, its names are relative without a root, and a directory stands before what is in it', async () => {
  const names = await archiveNames('/etc');
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) expect(name).not.toMatch(/^\.?\/|^\.$/);
  const deep = await archiveNames('/var');
  expect(deep.indexOf('log/')).toBe(deep.findIndex((name) => name.startsWith('log')));
  expect(deep).toContain('log/machined.log');
  expect(await archiveNames('/etc/os-release')).toEqual(['os-release']);
});

async function archiveNames(rootPath: string): Promise<string[]> {
  const parts = await all(machine.Copy({ rootPath }, { metadata, ...SOON }));
  const tar = gunzipSync(Buffer.concat(parts.map(({ bytes }) => bytes)));
  const names: string[] = [];
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const header = tar.subarray(at, at + 512);
    names.push(header.subarray(0, 100).toString('utf8').replace(/\0.*$/s, ''));
    const size = Number.parseInt(header.subarray(124, 136).toString('latin1'), 8);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return names;
}

test('each message of the kernel log is one whole line', async () => {
  const lines = await all(machine.Dmesg(DmesgRequest.fromPartial({}), { metadata, ...SOON }));
  expect(lines.length).toBeGreaterThan(10);
  for (const { bytes } of lines) expect(bytes.toString('utf8')).toMatch(/^[a-z]+: +[a-z]+: \[[0-9TZ:.-]+\]: [^\n]*\n$/);
});

test('what this version lacks says so, and a configuration that is sent again is no change', async () => {
  await expect(
    machine
      .Kubeconfig({}, { metadata, ...SOON })
      [Symbol.asyncIterator]()
      .next(),
  ).rejects.toMatchObject({
    kind: expect.stringMatching(/unimplemented|precondition/),
  });
  const stored = await all(machine.Read({ path: '/system/state/config.yaml' }, { metadata, ...SOON }));
  const data = Buffer.concat(stored.map(({ bytes }) => bytes));
  const request = { data, mode: ApplyConfigurationRequest_Mode.AUTO, dryRun: false, tryModeTimeout: { seconds: 60n, nanos: 0 } };
  expect((await machine.ApplyConfiguration(request, { metadata, ...SOON })).messages).toHaveLength(1);
});
