import { expect, test } from '@jest/globals';
import { HostnameStatusSpec, MemberSpec } from '@minos/api/resource-specs';
import { isFault } from '@minos/base';
import { eventually } from '@minos/testkit';
import type { State, WatchEvent, WatchOptions } from './state.ts';
import { memberType } from './types/cluster.ts';
import { hostnameStatusType } from './types/network-status.ts';

/** A state to try, and a second one that sees the same resources. */
export interface StateUnderTest extends AsyncDisposable {
  readonly state: State;
  readonly other: State;
}

const member = (hostname: string): MemberSpec => MemberSpec.fromPartial({ nodeId: `id-${hostname}`, hostname });
const hostname = (name: string): HostnameStatusSpec => HostnameStatusSpec.fromPartial({ hostname: name });

/** What every implementation of `State` must do. */
export function describeState(open: () => Promise<StateUnderTest>): void {
  test('what is put is read back with version, owner, namespace and phase', async () => {
    await using it = await open();
    const put = await it.state.as('a').put(hostnameStatusType, 'hostname', hostname('n1'), { labels: { x: 'y' } });
    const got = await it.other.get(hostnameStatusType, 'hostname');
    expect(got?.spec).toEqual(hostname('n1'));
    expect(got?.metadata).toMatchObject({ namespace: 'network', owner: 'a', phase: 'running', labels: { x: 'y' } });
    expect(got?.metadata.version).toBe(put.metadata.version);
  });

  test('a put that changes nothing makes no new version, one that does makes the next', async () => {
    await using it = await open();
    const writer = it.state.as('a');
    const first = await writer.put(hostnameStatusType, 'hostname', hostname('n1'));
    expect((await writer.put(hostnameStatusType, 'hostname', hostname('n1'))).metadata.version).toBe(first.metadata.version);
    const changed = await writer.put(hostnameStatusType, 'hostname', hostname('n2'));
    expect(changed.metadata.version).toBe(first.metadata.version + 1n);
  });

  test('a list is sorted by id, and empty when there is nothing', async () => {
    await using it = await open();
    expect(await it.other.list(memberType)).toEqual([]);
    for (const id of ['c', 'a', 'b']) await it.state.as('a').put(memberType, id, member(id));
    expect((await it.other.list(memberType)).map((r) => r.metadata.id)).toEqual(['a', 'b', 'c']);
  });

  test('what another owner holds can be neither changed nor removed', async () => {
    await using it = await open();
    await it.state.as('a').put(hostnameStatusType, 'hostname', hostname('n1'));
    const refused = await it.state
      .as('b')
      .put(hostnameStatusType, 'hostname', hostname('n2'))
      .catch((e: unknown) => e);
    expect(isFault(refused, 'denied')).toBe(true);
    const kept = await it.state
      .as('b')
      .remove(hostnameStatusType, 'hostname')
      .catch((e: unknown) => e);
    expect(isFault(kept, 'denied')).toBe(true);
    expect((await it.other.get(hostnameStatusType, 'hostname'))?.spec.hostname).toBe('n1');
  });

  test('removing says whether there was something', async () => {
    await using it = await open();
    await it.state.as('a').put(memberType, 'a', member('a'));
    expect(await it.state.as('a').remove(memberType, 'a')).toBe(true);
    expect(await it.state.as('a').remove(memberType, 'a')).toBe(false);
    expect(await it.other.get(memberType, 'a')).toBeUndefined();
  });

  test('replacing all puts what is wanted and removes only what the same owner had', async () => {
    await using it = await open();
    await it.state.as('b').put(memberType, 'other', member('other'));
    const writer = it.state.as('a');
    await writer.replaceAll(
      memberType,
      new Map([
        ['x', member('x')],
        ['y', member('y')],
      ]),
    );
    await writer.replaceAll(
      memberType,
      new Map([
        ['y', member('y')],
        ['z', member('z')],
      ]),
    );
    expect((await it.other.list(memberType)).map((r) => r.metadata.id)).toEqual(['other', 'y', 'z']);
  });

  test('a watch gives what there is, a mark, then every change in order, and ends when it is aborted', async () => {
    await using it = await open();
    const writer = it.state.as('a');
    await writer.put(memberType, 'a', member('a'));
    await using seen = collect(it.other, {});
    await eventually(() => expect(seen.words).toEqual(['created a', 'bootstrapped']), { withinMs: 2000 });
    await writer.put(memberType, 'b', member('b'));
    await writer.put(memberType, 'b', member('b2'));
    await writer.remove(memberType, 'a');
    const wanted = ['created a', 'bootstrapped', 'created b', 'updated b', 'destroyed a'];
    await eventually(() => expect(seen.words).toEqual(wanted), { withinMs: 2000 });
  });

  test('a watch of one resource says nothing of others', async () => {
    await using it = await open();
    await using seen = collect(it.other, { id: 'b' });
    await eventually(() => expect(seen.words).toEqual(['bootstrapped']), { withinMs: 2000 });
    await it.state.as('a').put(memberType, 'a', member('a'));
    await it.state.as('a').put(memberType, 'b', member('b'));
    await eventually(() => expect(seen.words).toEqual(['bootstrapped', 'created b']), { withinMs: 2000 });
  });
}

interface Collected extends AsyncDisposable {
  readonly words: readonly string[];
}

/** Reads a watch of members into words, until it is disposed. */
export function collect(state: State, options: WatchOptions): Collected {
  const words: string[] = [];
  const stop = new AbortController();
  const word = (event: WatchEvent<unknown>): string =>
    event.kind === 'bootstrapped' ? event.kind : `${event.kind} ${event.resource.metadata.id}`;
  const reading = (async () => {
    for await (const event of state.watch(memberType, options, stop.signal)) words.push(word(event));
  })();
  return {
    words,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await reading;
    },
  };
}
