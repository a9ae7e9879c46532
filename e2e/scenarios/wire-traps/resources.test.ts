import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  EventType,
  type Resource,
  ResourceDefinitionSpec,
  type Event as ResourceEvent,
  StateDefinition,
  WatchRequest,
} from '@minos/api/cosi';
import { MachineServiceDefinition } from '@minos/api/machine';
import { Scope } from '@minos/base';
import { type Client, client } from '@minos/rpc';
import { type Cluster, type ClusterNode, startCluster } from '../../harness/cluster.ts';
import { adminChannel } from '../../harness/cluster-api.ts';
import { mustRun } from '../../harness/run.ts';

const ADDRESSES = { namespace: 'network', type: 'AddressStatuses.net.talos.dev' };
const SOON = { timeoutMs: 15_000 };

let cluster: Cluster;
let worker: ClusterNode;
let state: Client<typeof StateDefinition>;
let metadata: { readonly node: string };
const scope = new Scope();
beforeAll(async () => {
  cluster = await startCluster({ name: 'kinds', workers: 1 });
  const [first] = cluster.workers;
  if (first === undefined) throw new Error('no worker');
  worker = first;
  metadata = { node: worker.address };
  state = client(scope.use(await adminChannel(cluster)), StateDefinition);
}, 200_000);
afterAll(async () => {
  await scope.close();
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

async function list(namespace: string, type: string): Promise<Resource[]> {
  const found: Resource[] = [];
  for await (const { resource } of state.List(
    { namespace, type, options: { labelQuery: [], idQuery: undefined } },
    { metadata, ...SOON },
  ))
    if (resource !== undefined) found.push(resource);
  return found;
}

/** Events of a watch one by one; the first response, which must be empty, is taken at once. */
class Watch implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #stream: AsyncIterator<{ readonly event: readonly ResourceEvent[] }>;
  readonly #waiting: ResourceEvent[] = [];

  constructor(request: WatchRequest, node = worker) {
    this.#stream = state.Watch(request, { metadata: { node: node.address }, signal: this.#stop.signal })[Symbol.asyncIterator]();
  }

  async begin(): Promise<this> {
    const first = await this.#stream.next();
    expect(first.value).toEqual({ event: [] });
    return this;
  }

  async next(): Promise<ResourceEvent> {
    for (;;) {
      const event = this.#waiting.shift();
      if (event !== undefined) return event;
      const { done, value } = await this.#stream.next();
      if (done === true) throw new Error('the watch has ended');
      this.#waiting.push(...value.event);
    }
  }

  /** The next event about this id. */
  async of(id: string): Promise<ResourceEvent> {
    for (;;) {
      const event = await this.next();
      if (event.resource?.metadata?.id === id) return event;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#stream.return?.().catch(() => undefined);
  }
}

const watch = (more: Parameters<typeof WatchRequest.fromPartial>[0]): Promise<Watch> =>
  new Watch(WatchRequest.fromPartial({ ...ADDRESSES, apiVersion: 1, options: {}, ...more })).begin();

const ip = async (...args: string[]): Promise<string> =>
  mustRun('nsenter', ['-t', String(await worker.pid1()), '-n', 'ip', ...args]);

test('a type is found by its lower-case id and its aliases, with everything that columns need', async () => {
  const definitions = await list('meta', 'ResourceDefinitions.meta.cosi.dev');
  expect(definitions.length).toBeGreaterThan(20);
  for (const { metadata: about, spec } of definitions) {
    const definition = ResourceDefinitionSpec.decode(spec?.protoSpec ?? Buffer.alloc(0));
    expect(about?.id).toBe(definition.resourceType.toLowerCase());
    expect(definition.displayType).not.toBe('');
    expect(definition.defaultNamespace).not.toBe('');
    expect(definition.allAliases).toContain(definition.resourceType.split('.')[0]?.toLowerCase());
    for (const alias of definition.aliases) expect(definition.allAliases).toContain(alias);
    for (const column of definition.printColumns) expect(column.jsonPath).toMatch(/^\{.*\}$/);
  }
});

test('everything of every type has both encodings, a decimal version and a phase', async () => {
  const definitions = await list('meta', 'ResourceDefinitions.meta.cosi.dev');
  let resources = 0;
  for (const { spec } of definitions) {
    const { resourceType, defaultNamespace } = ResourceDefinitionSpec.decode(spec?.protoSpec ?? Buffer.alloc(0));
    for (const resource of await list(defaultNamespace, resourceType)) {
      resources++;
      const { metadata: about, spec: body } = resource;
      expect(about).toMatchObject({ type: resourceType, phase: 'running', version: expect.stringMatching(/^\d+$/) });
      expect(Number(about?.created?.seconds)).toBeGreaterThan(1_700_000_000);
      expect([resourceType, body?.yamlSpec.length]).not.toEqual([resourceType, 0]);
      expect(body?.protoSpec).toBeDefined();
    }
  }
  expect(resources).toBeGreaterThan(50);
}, 60_000);

test('a type that is not registered is denied, quietly, on every call; an id that is not there is missing', async () => {
  const unknown = { namespace: 'network', type: 'Unicorns.net.talos.dev' };
  await expect(list(unknown.namespace, unknown.type)).rejects.toMatchObject({ kind: 'denied' });
  await expect(state.Get({ ...unknown, id: 'x', options: {} }, { metadata, ...SOON })).rejects.toMatchObject({ kind: 'denied' });
  await expect(watch(unknown)).rejects.toMatchObject({ kind: 'denied' });
  const gone = state.Get({ ...ADDRESSES, id: 'nowhere', options: {} }, { metadata, ...SOON });
  await expect(gone).rejects.toMatchObject({ kind: 'missing' });
});

test('nothing is written from outside', async () => {
  const [resource] = await list(ADDRESSES.namespace, ADDRESSES.type);
  await expect(state.Create({ resource, options: { owner: '' } }, { metadata, ...SOON })).rejects.toMatchObject({
    kind: 'denied',
  });
  const destroy = { ...ADDRESSES, id: resource?.metadata?.id ?? '', options: { owner: 'networkd' } };
  await expect(state.Destroy(destroy, { metadata, ...SOON })).rejects.toMatchObject({ kind: 'denied' });
});

test('a watch begins empty, tells what there is, and shows what went whole', async () => {
  await using watching = await watch({ options: { bootstrapContents: true } });
  const created: string[] = [];
  let event = await watching.next();
  for (; event.eventType === EventType.CREATED; event = await watching.next()) created.push(event.resource?.metadata?.id ?? '');
  expect(created).toEqual([...created].sort());
  expect(created).toContain(`eth0/${worker.address}/24`);
  expect(event.eventType).toBe(EventType.BOOTSTRAPPED);
  expect(event.bookmark?.length).toBeGreaterThan(0);

  await ip('addr', 'add', '10.5.224.7/32', 'dev', 'eth0');
  const id = 'eth0/10.5.224.7/32';
  expect(await watching.of(id)).toMatchObject({ eventType: EventType.CREATED });
  await ip('addr', 'del', '10.5.224.7/32', 'dev', 'eth0');
  let last = await watching.of(id);
  while (last.eventType === EventType.UPDATED) last = await watching.of(id);
  expect(last.eventType).toBe(EventType.DESTROYED);
  expect(last.resource?.spec?.yamlSpec).toContain('10.5.224.7/32');
  expect(last.bookmark?.length).toBeGreaterThan(0);
}, 30_000);

test('after its bookmark a watch goes on with an empty response and only what came since', async () => {
  const before = await watch({ options: { bootstrapContents: true } });
  let event = await before.next();
  while (event.eventType !== EventType.BOOTSTRAPPED) event = await before.next();
  await before[Symbol.asyncDispose]();
  await ip('addr', 'add', '10.5.224.8/32', 'dev', 'eth0');
  await using again = await watch({ options: { startFromBookmark: event.bookmark } });
  expect(await again.next()).toMatchObject({
    eventType: EventType.CREATED,
    resource: { metadata: { id: 'eth0/10.5.224.8/32' } },
  });
  await ip('addr', 'del', '10.5.224.8/32', 'dev', 'eth0');
}, 30_000);

test('a bookmark of another node or of nobody is a precondition that fails', async () => {
  const there = WatchRequest.fromPartial({ ...ADDRESSES, apiVersion: 1, options: { bootstrapContents: true } });
  await using elsewhere = await new Watch(there, cluster.controlPlane).begin();
  let event = await elsewhere.next();
  while (event.eventType !== EventType.BOOTSTRAPPED) event = await elsewhere.next();
  for (const startFromBookmark of [event.bookmark, Buffer.from('x'), Buffer.alloc(40)]) {
    const call = async (): Promise<unknown> => {
      await using watching = await watch({ options: { startFromBookmark } });
      return watching.next();
    };
    await expect(call()).rejects.toMatchObject({ kind: 'precondition' });
  }
});

test('a watch of one that is missing begins with a tombstone and goes on when it appears', async () => {
  const id = 'eth0/10.5.224.9/32';
  await using watching = await watch({ id });
  const tombstone = await watching.next();
  expect(tombstone.eventType).toBe(EventType.DESTROYED);
  expect(tombstone.resource?.metadata).toMatchObject({ id, version: 'undefined' });
  await ip('addr', 'add', '10.5.224.9/32', 'dev', 'eth0');
  expect(await watching.next()).toMatchObject({ eventType: EventType.CREATED, resource: { metadata: { id } } });
  await ip('addr', 'del', '10.5.224.9/32', 'dev', 'eth0');
}, 30_000);

test('the machine’s stage and readiness are watched by name', async () => {
  const request = { namespace: 'runtime', type: 'MachineStatuses.runtime.talos.dev', id: 'machine', options: {}, apiVersion: 1 };
  await using watching = await new Watch(WatchRequest.fromPartial(request)).begin();
  const { resource, eventType } = await watching.next();
  expect(eventType).toBe(EventType.CREATED);
  expect(resource?.spec?.yamlSpec).toMatch(/stage: running/);
  expect(resource?.spec?.yamlSpec).toMatch(/ready: true/);
});

test('the state of a node is not asked of many at once', async () => {
  const machine = client(scope.use(await adminChannel(cluster)), MachineServiceDefinition);
  expect((await machine.Version({}, { metadata: { nodes: worker.address }, ...SOON })).messages).toHaveLength(1);
  const nodes = { metadata: { nodes: worker.address }, ...SOON };
  const call = state.Get({ ...ADDRESSES, id: 'x', options: {} }, nodes);
  await expect(call).rejects.toMatchObject({
    kind: 'invalid',
    message: expect.stringContaining('one-2-many proxying is not supported'),
  });
});
