import { expect, test } from '@jest/globals';
import {
  EventType,
  LabelTerm_Operation,
  StateDefinition,
  WatchRequest,
  type WatchResponse,
  type Event as WireEvent,
} from '@minos/api/cosi';
import { MemberSpec } from '@minos/api/resource-specs';
import { isFault, Scope, silentLogger, systemClock } from '@minos/base';
import { type Client, client, dial, serve } from '@minos/rpc';
import { eventually, tempDir } from '@minos/testkit';
import { MemoryState } from './memory-state.ts';
import { outsidePolicy } from './state-policy.ts';
import { bindStateService } from './state-service.ts';
import { allResourceTypes } from './types/all-types.ts';
import { memberType } from './types/cluster.ts';

interface Fixture extends AsyncDisposable {
  readonly state: MemoryState;
  readonly client: Client<typeof StateDefinition>;
}

async function open(): Promise<Fixture> {
  const scope = new Scope();
  const dir = scope.use(await tempDir('watch'));
  const state = new MemoryState({ clock: systemClock, types: allResourceTypes });
  const emitYaml = (value: unknown): string => `${JSON.stringify(value)}\n`;
  const service = bindStateService({ state, types: allResourceTypes, policy: outsidePolicy(), emitYaml });
  const path = dir.file('s.sock');
  const roles = new Set(['os:reader']);
  scope.use(await serve({ listen: { kind: 'unix', path }, services: [service], log: silentLogger, authorize: () => roles }));
  const channel = scope.use(dial({ kind: 'unix', path }));
  return { state, client: client(channel, StateDefinition), [Symbol.asyncDispose]: () => scope.close() };
}

type Request = Parameters<typeof WatchRequest.fromPartial>[0];

const request = (of: Request): WatchRequest =>
  WatchRequest.fromPartial({ namespace: 'cluster', type: memberType.type, apiVersion: 1, ...of });
const member = (hostname: string): MemberSpec => MemberSpec.fromPartial({ hostname });
const put = (it: Fixture, id: string, hostname = id, labels: Readonly<Record<string, string>> = {}): Promise<unknown> =>
  it.state.as('m').put(memberType, id, member(hostname), { labels });

/** The first events after the empty answer; `then` is called when the watch stands. */
async function take(it: Fixture, of: Request, count: number, then?: () => Promise<unknown>): Promise<WireEvent[]> {
  const stream: AsyncIterable<WatchResponse> = it.client.Watch(request(of));
  const taken: WireEvent[] = [];
  let isArmed = false;
  for await (const { event } of stream) {
    if (!isArmed) await then?.();
    isArmed = true;
    taken.push(...event);
    if (taken.length >= count) break;
  }
  return taken;
}

const idsOf = (events: readonly WireEvent[]): unknown[] => events.map((e) => [e.eventType, e.resource?.metadata?.id]);
const typesOf = (events: readonly WireEvent[]): EventType[] => events.map((e) => e.eventType);

test('every watcher is told the same of a change, with what stood before', async () => {
  await using it = await open();
  await put(it, 'a', 'old');
  const watching = Promise.all(Array.from({ length: 20 }, () => take(it, { id: 'a' }, 2)));
  await eventually(() => expect(it.state.store.watcherCount).toBe(20), { withinMs: 10_000 });
  await put(it, 'a', 'new');
  const [first, ...others] = (await watching).map((events) => events[1]);
  expect(first).toMatchObject({ eventType: EventType.UPDATED, resource: { metadata: { version: '2' } } });
  expect([first?.resource, first?.old].map((r) => r?.spec?.yamlSpec)).toEqual([
    expect.stringContaining('new'),
    expect.stringContaining('old'),
  ]);
  for (const other of others) expect(other).toEqual(first);
});

test('what is destroyed is told with its last contents and a bookmark', async () => {
  await using it = await open();
  await put(it, 'a');
  const [gone] = await take(it, {}, 1, () => it.state.as('m').remove(memberType, 'a'));
  expect(gone).toMatchObject({ eventType: EventType.DESTROYED, resource: { metadata: { id: 'a', version: '1' } } });
  expect(gone?.resource?.spec?.yamlSpec).toContain('"hostname":"a"');
  expect(gone?.bookmark).toHaveLength(16);
});

test('a watcher with a query and one without are each told what the change is to them', async () => {
  await using it = await open();
  await put(it, 'a', 'a', { role: 'cp' });
  const labelQuery = [{ terms: [{ key: 'role', op: LabelTerm_Operation.EQUAL, value: ['cp'] }] }];
  const queried = take(it, { options: { labelQuery } }, 2);
  const plain = take(it, {}, 2);
  await eventually(() => expect(it.state.store.watcherCount).toBe(2), { withinMs: 10_000 });
  await put(it, 'a', 'a', { role: 'worker' });
  await put(it, 'a', 'a', { role: 'cp' });
  expect(typesOf(await queried)).toEqual([EventType.DESTROYED, EventType.CREATED]);
  expect(typesOf(await plain)).toEqual([EventType.UPDATED, EventType.UPDATED]);
});

test('contents that were asked for are those that a query matches', async () => {
  await using it = await open();
  for (const id of ['a1', 'b1', 'a2']) await put(it, id);
  const events = await take(it, { options: { bootstrapContents: true, idQuery: { regexp: '^a' } } }, 3);
  expect(idsOf(events)).toEqual([
    [EventType.CREATED, 'a1'],
    [EventType.CREATED, 'a2'],
    [EventType.BOOTSTRAPPED, ''],
  ]);
});

test('a client of an older version is told nothing but changes and contents', async () => {
  await using it = await open();
  await put(it, 'a');
  const events = await take(it, { apiVersion: 0, options: { bootstrapContents: true } }, 2, () => put(it, 'b'));
  expect(idsOf(events)).toEqual([
    [EventType.CREATED, 'a'],
    [EventType.CREATED, 'b'],
  ]);
});

test('a bookmark alone comes as an event of no meaning, from which a watch resumes', async () => {
  await using it = await open();
  const [mark] = await take(it, { options: { bootstrapBookmark: true } }, 1);
  expect(mark).toMatchObject({ eventType: EventType.NOOP, resource: { metadata: { version: 'undefined' } } });
  for (const id of ['a', 'b']) await put(it, id);
  const resumed = await take(it, { options: { startFromBookmark: mark?.bookmark } }, 2);
  expect(idsOf(resumed)).toEqual([
    [EventType.CREATED, 'a'],
    [EventType.CREATED, 'b'],
  ]);
});

test('the last changes can be asked for, as far as they are kept', async () => {
  await using it = await open();
  for (const id of ['a', 'b', 'c']) await put(it, id);
  expect(idsOf(await take(it, { options: { tailEvents: 2 } }, 2))).toEqual([
    [EventType.CREATED, 'b'],
    [EventType.CREATED, 'c'],
  ]);
  expect(await take(it, { options: { tailEvents: 99 } }, 3)).toHaveLength(3);
});

test('a watch of one resource takes neither contents nor queries', async () => {
  await using it = await open();
  for (const options of [{ bootstrapContents: true }, { idQuery: { regexp: 'a' } }]) {
    const e: unknown = await take(it, { id: 'a', options }, 1).catch((caught: unknown) => caught);
    expect(isFault(e, 'unimplemented')).toBe(true);
  }
});

test('a watcher that does not read is cut off with an error, and what waits for it stays bounded', async () => {
  await using it = await open();
  const stream = it.client.Watch(request({}))[Symbol.asyncIterator]();
  await stream.next();
  // More than the connection and the queue of a watcher hold.
  const big = 'x'.repeat(2000);
  let changes = 0;
  for (; it.state.store.watcherCount > 0 && changes < 50_000; changes++) {
    await put(it, 'a', `${changes}${big}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(it.state.store.watcherCount).toBe(0);
  const events: WireEvent[] = [];
  for (let next = await stream.next(); next.done !== true; next = await stream.next()) events.push(...next.value.event);
  expect(events.at(-1)).toMatchObject({ eventType: EventType.ERRORED, error: 'the watcher is too slow; watch again' });
  expect(events.length - 1).toBeLessThan(changes);
}, 60_000);
