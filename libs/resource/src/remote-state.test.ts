import { describe, expect, test } from '@jest/globals';
import { MemberSpec } from '@minos/api/resource-specs';
import { isFault, Scope, silentLogger, systemClock } from '@minos/base';
import { dial, serve } from '@minos/rpc';
import { eventually, tempDir } from '@minos/testkit';
import { MemoryState } from './memory-state.ts';
import { remoteState } from './remote-state.ts';
import { collect, describeState } from './state.conformance.ts';
import { type DaemonAccess, daemonPolicy } from './state-policy.ts';
import { bindStateService } from './state-service.ts';
import { allResourceTypes } from './types/all-types.ts';
import { affiliateType, memberType } from './types/cluster.ts';

const EVERYTHING: DaemonAccess = { readable: [], owned: allResourceTypes };
const member = (hostname: string): MemberSpec => MemberSpec.fromPartial({ hostname });

async function serveState(path: string, state: MemoryState, access: DaemonAccess): Promise<AsyncDisposable> {
  const stop = new AbortController();
  const policy = daemonPolicy(access);
  const service = bindStateService({ state, types: allResourceTypes, policy, emitYaml: () => 'x\n', until: stop.signal });
  const server = await serve({ listen: { kind: 'unix', path }, services: [service], log: silentLogger });
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function open(access: DaemonAccess = EVERYTHING) {
  const scope = new Scope();
  const path = scope.use(await tempDir('remote')).file('runtime.sock');
  const source = new MemoryState({ clock: systemClock });
  let server = await serveState(path, source, access);
  scope.use(async () => server[Symbol.asyncDispose]());
  const channel = scope.use(dial({ kind: 'unix', path }));
  const state = scope.use(remoteState({ channel, graceMs: 300 }));
  return {
    source,
    state,
    other: source,
    stopSource: () => server[Symbol.asyncDispose](),
    startSource: async (next: MemoryState): Promise<void> => {
      server = await serveState(path, next, access);
    },
    [Symbol.asyncDispose]: () => scope.close(),
  };
}

describe('conformance, written over a socket', () => {
  describeState(open);
});

describe('conformance, read over a socket', () => {
  describeState(async () => {
    const it = await open();
    return { state: it.source, other: it.state, [Symbol.asyncDispose]: () => it[Symbol.asyncDispose]() };
  });
});

test('a daemon neither reads what it does not need nor writes what it does not own', async () => {
  await using it = await open({ readable: [memberType], owned: [] });
  const read = await it.state.list(affiliateType).catch((e: unknown) => e);
  expect(isFault(read, 'denied')).toBe(true);
  const write = await it.state
    .as('a')
    .put(memberType, 'a', member('a'))
    .catch((e: unknown) => e);
  expect(isFault(write, 'denied')).toBe(true);
});

test('a daemon cannot change what machined made, whatever owner it claims', async () => {
  await using it = await open();
  await it.source.as('machined').put(memberType, 'a', member('a'));
  const write = await it.state
    .as('machined')
    .put(memberType, 'a', member('b'))
    .catch((e: unknown) => e);
  expect(isFault(write, 'denied')).toBe(true);
});

test('after a restart of the source a watch tells only the difference', async () => {
  await using it = await open();
  for (const id of ['same', 'changed', 'gone', 'late']) await it.source.as('m').put(memberType, id, member(id));
  await using seen = collect(it.state, {});
  await eventually(() => expect(seen.words).toHaveLength(5), { withinMs: 2000 });
  await it.stopSource();
  const next = new MemoryState({ clock: systemClock, startCount: 2 });
  await next.as('m').put(memberType, 'same', member('same'));
  await next.as('m').put(memberType, 'changed', member('other'));
  await it.startSource(next);
  await eventually(() => expect(seen.words.slice(5)).toEqual(['updated changed']), { withinMs: 5000 });
  await next.as('m').put(memberType, 'late', member('late'));
  await eventually(() => expect(seen.words.slice(5)).toEqual(['updated changed', 'destroyed gone']), { withinMs: 5000 });
});

test('what was written is published again after a restart of the source, also what changed meanwhile', async () => {
  await using it = await open();
  const writer = it.state.as('m');
  await writer.put(memberType, 'kept', member('kept'));
  await writer.put(memberType, 'removed', member('removed'));
  await it.stopSource();
  expect((await writer.put(memberType, 'new', member('new'))).metadata.version).toBe(0n);
  await writer.remove(memberType, 'removed');
  const next = new MemoryState({ clock: systemClock, startCount: 2 });
  await it.startSource(next);
  await eventually(async () => expect((await next.list(memberType)).map((r) => r.metadata.id)).toEqual(['kept', 'new']), {
    withinMs: 5000,
  });
});

test('a source that was away but lost nothing is left with what is wanted', async () => {
  await using it = await open();
  const writer = it.state.as('m');
  await writer.put(memberType, 'removed', member('removed'));
  await it.stopSource();
  await writer.remove(memberType, 'removed');
  await writer.put(memberType, 'kept', member('kept'));
  const same = it.source;
  await same.as('m').put(memberType, 'stale', member('stale'));
  await same.as('m').remove(memberType, 'stale');
  await it.startSource(same);
  await eventually(async () => expect((await same.list(memberType)).some((r) => r.metadata.id === 'kept')).toBe(true), {
    withinMs: 5000,
  });
});
