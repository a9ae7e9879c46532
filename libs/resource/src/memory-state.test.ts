import { describe, expect, test } from '@jest/globals';
import { MemberSpec } from '@minos/api/resource-specs';
import { isFault, systemClock } from '@minos/base';
import { MemoryState } from './memory-state.ts';
import { describeState } from './state.conformance.ts';
import { allResourceTypes } from './types/all-types.ts';
import { memberType } from './types/cluster.ts';
import { resourceDefinitionType } from './types/meta.ts';

const member = (hostname: string): MemberSpec => MemberSpec.fromPartial({ hostname });

describe('conformance', () => {
  describeState(async () => {
    const state = new MemoryState({ clock: systemClock });
    return { state, other: state, [Symbol.asyncDispose]: async () => undefined };
  });
});

test('a watcher that does not read is cut off with a fault, and others go on', async () => {
  const state = new MemoryState({ clock: systemClock, watcherLimit: 3 });
  const slow = state.watch(memberType, {}, new AbortController().signal);
  const events = slow[Symbol.asyncIterator]();
  await events.next();
  for (let i = 0; i < 5; i++) await state.as('a').put(memberType, `m${i}`, member('x'));
  for (let i = 0; i < 3; i++) expect((await events.next()).done).toBe(false);
  const end = await events.next().catch((e: unknown) => e);
  expect(isFault(end, 'exhausted')).toBe(true);
  expect(state.store.watcherCount).toBe(0);
});

test('leaving a watch in the middle of its contents leaves no watcher behind', async () => {
  const state = new MemoryState({ clock: systemClock });
  await state.as('a').put(memberType, 'a', member('a'));
  for await (const _event of state.watch(memberType, {}, new AbortController().signal)) break;
  expect(state.store.watcherCount).toBe(0);
});

test('versions of another start of the source never match', async () => {
  const put = async (startCount: number): Promise<bigint> => {
    const state = new MemoryState({ clock: systemClock, startCount });
    return (await state.as('a').put(memberType, 'a', member('a'))).metadata.version;
  };
  expect([await put(1), await put(2)]).toEqual([1n, 1_000_001n]);
});

test('every type is announced under its lower-case name with its short names', async () => {
  const state = new MemoryState({ clock: systemClock, types: allResourceTypes });
  const definitions = await state.list(resourceDefinitionType);
  expect(definitions).toHaveLength(allResourceTypes.length);
  const members = definitions.find((r) => r.metadata.id === 'members.cluster.talos.dev');
  expect(members?.spec.allAliases).toEqual(['members', 'members.cluster', 'members.cluster.talos', 'member']);
});
