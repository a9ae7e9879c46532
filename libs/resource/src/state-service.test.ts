import { expect, test } from '@jest/globals';
import { EventType, LabelTerm_Operation, StateDefinition, WatchRequest, type WatchResponse } from '@minos/api/cosi';
import { MachineConfigSpec, MemberSpec } from '@minos/api/resource-specs';
import { isFault, Scope, silentLogger, systemClock } from '@minos/base';
import { type Client, client, dial, serve } from '@minos/rpc';
import { eventually, tempDir } from '@minos/testkit';
import { MemoryState } from './memory-state.ts';
import { outsidePolicy } from './state-policy.ts';
import { bindStateService } from './state-service.ts';
import { allResourceTypes } from './types/all-types.ts';
import { memberType } from './types/cluster.ts';
import { machineConfigType } from './types/config.ts';

interface Fixture extends AsyncDisposable {
  readonly state: MemoryState;
  readonly client: Client<typeof StateDefinition>;
}

async function open(roles: readonly string[], startCount = 1): Promise<Fixture> {
  const scope = new Scope();
  const dir = scope.use(await tempDir('state'));
  const state = new MemoryState({ clock: systemClock, types: allResourceTypes, startCount });
  const emitYaml = (value: unknown): string => `${JSON.stringify(value)}\n`;
  const service = bindStateService({ state, types: allResourceTypes, policy: outsidePolicy(), emitYaml });
  const path = dir.file('s.sock');
  scope.use(
    await serve({ listen: { kind: 'unix', path }, services: [service], log: silentLogger, authorize: () => new Set(roles) }),
  );
  const channel = scope.use(dial({ kind: 'unix', path }));
  return { state, client: client(channel, StateDefinition), [Symbol.asyncDispose]: () => scope.close() };
}

const MEMBERS = { namespace: 'cluster', type: memberType.type };
const member = (hostname: string): MemberSpec => MemberSpec.fromPartial({ hostname });

async function kindOf(call: Promise<unknown>): Promise<string> {
  const e = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return isFault(e) ? e.kind : 'no fault';
}

async function take(stream: AsyncIterable<WatchResponse>, count: number): Promise<WatchResponse[]> {
  const taken: WatchResponse[] = [];
  for await (const response of stream) {
    taken.push(response);
    if (taken.length === count) break;
  }
  return taken;
}

test('a resource goes on the wire with both forms of its spec and its phase', async () => {
  await using it = await open(['os:reader']);
  await it.state.as('m').put(memberType, 'n1', member('n1'));
  const { resource } = await it.client.Get({ ...MEMBERS, id: 'n1', options: {} });
  expect(resource?.metadata).toMatchObject({ id: 'n1', version: '1', phase: 'running', owner: 'm' });
  expect(resource?.spec?.yamlSpec).toContain('"hostname":"n1"');
  expect(MemberSpec.decode(resource?.spec?.protoSpec ?? Buffer.alloc(0)).hostname).toBe('n1');
});

test('a missing resource, an unknown type, an unknown namespace and a write each answer with their own code', async () => {
  await using it = await open(['os:admin']);
  expect(await kindOf(it.client.Get({ ...MEMBERS, id: 'none', options: {} }))).toBe('missing');
  expect(await kindOf(it.client.Get({ namespace: 'cluster', type: 'Nothings.x.dev', id: 'a', options: {} }))).toBe('denied');
  expect(await kindOf(it.client.Get({ ...MEMBERS, namespace: 'nowhere', id: 'a', options: {} }))).toBe('denied');
  expect(await kindOf(it.client.Destroy({ ...MEMBERS, id: 'a', options: undefined }))).toBe('denied');
});

test('a sensitive type is for administrators', async () => {
  await using reader = await open(['os:reader']);
  const request = { namespace: 'config', type: machineConfigType.type, id: 'v1alpha1', options: {} };
  expect(await kindOf(reader.client.Get(request))).toBe('denied');
  await using admin = await open(['os:admin']);
  await admin.state
    .as('m')
    .put(machineConfigType, 'v1alpha1', MachineConfigSpec.fromPartial({ yamlMarshalled: Buffer.from('a') }));
  expect((await admin.client.Get(request)).resource?.metadata?.id).toBe('v1alpha1');
});

test('a watch of a kind begins with an empty answer, then contents by id, then a tombstone with a bookmark', async () => {
  await using it = await open(['os:reader']);
  for (const id of ['b', 'a']) await it.state.as('m').put(memberType, id, member(id));
  const request = WatchRequest.fromPartial({ ...MEMBERS, options: { bootstrapContents: true }, apiVersion: 1 });
  const [armed, first, second, end] = await take(it.client.Watch(request), 4);
  expect(armed?.event).toEqual([]);
  expect([first, second].map((r) => r?.event[0]?.resource?.metadata?.id)).toEqual(['a', 'b']);
  expect(end?.event[0]).toMatchObject({
    eventType: EventType.BOOTSTRAPPED,
    resource: { metadata: { id: '', version: 'undefined' } },
  });
  expect(end?.event[0]?.bookmark).toHaveLength(16);
});

test('a watch of one missing resource begins with a tombstone', async () => {
  await using it = await open(['os:reader']);
  const [, initial] = await take(it.client.Watch(WatchRequest.fromPartial({ ...MEMBERS, id: 'x', apiVersion: 1 })), 2);
  expect(initial?.event[0]).toMatchObject({
    eventType: EventType.DESTROYED,
    resource: { metadata: { id: 'x', version: 'undefined' } },
  });
});

test('a watch resumes after its bookmark without contents, and not after a bookmark of another start', async () => {
  await using it = await open(['os:reader']);
  const bootstrap = WatchRequest.fromPartial({ ...MEMBERS, options: { bootstrapContents: true }, apiVersion: 1 });
  const [, end] = await take(it.client.Watch(bootstrap), 2);
  await it.state.as('m').put(memberType, 'late', member('late'));
  await it.state.as('m').remove(memberType, 'late');
  const startFromBookmark = end?.event[0]?.bookmark;
  const resume = WatchRequest.fromPartial({ ...MEMBERS, options: { startFromBookmark }, apiVersion: 1 });
  const [armed, created, destroyed] = await take(it.client.Watch(resume), 3);
  expect(armed?.event).toEqual([]);
  expect(created?.event[0]?.eventType).toBe(EventType.CREATED);
  expect(destroyed?.event[0]).toMatchObject({
    eventType: EventType.DESTROYED,
    resource: { metadata: { id: 'late', version: '1' } },
  });
  await using restarted = await open(['os:reader'], 2);
  expect(await kindOf(take(restarted.client.Watch(resume), 1))).toBe('precondition');
});

test('a query turns an update into a creation or a destruction as the match flips', async () => {
  await using it = await open(['os:reader']);
  const options = { labelQuery: [{ terms: [{ key: 'role', op: LabelTerm_Operation.EQUAL, value: ['cp'] }] }] };
  const watching = take(it.client.Watch(WatchRequest.fromPartial({ ...MEMBERS, options, apiVersion: 1 })), 3);
  await eventually(() => expect(it.state.store.watcherCount).toBe(1), { withinMs: 2000 });
  await it.state.as('m').put(memberType, 'a', member('a'));
  await it.state.as('m').put(memberType, 'a', member('a'), { labels: { role: 'cp' } });
  await it.state.as('m').put(memberType, 'a', member('a'), { labels: { role: 'worker' } });
  const types = (await watching).slice(1).map((r) => r.event[0]?.eventType);
  expect(types).toEqual([EventType.CREATED, EventType.DESTROYED]);
});

test('an id pattern filters a list, and one that could take forever is refused', async () => {
  await using it = await open(['os:reader']);
  for (const id of ['a1', 'a2', 'b1']) await it.state.as('m').put(memberType, id, member(id));
  const list = async (regexp: string): Promise<unknown[]> => {
    const ids: unknown[] = [];
    const options = { labelQuery: [], idQuery: { regexp } };
    for await (const { resource } of it.client.List({ ...MEMBERS, options })) ids.push(resource?.metadata?.id);
    return ids;
  };
  expect(await list('^a')).toEqual(['a1', 'a2']);
  expect(await kindOf(list('(a+)+$'))).toBe('invalid');
  expect(await kindOf(list('['))).toBe('invalid');
});
