import { expect, test } from '@jest/globals';
import { TaskEvent } from '@minos/api/machine';
import { isFault } from '@minos/base';
import { VirtualClock } from '@minos/testkit';
import { EventLog, type EventQuery } from './event-log.ts';

const NOW: EventQuery = { tailEvents: 0, tailId: '', tailSeconds: 0, actorId: '' };

function make(): { log: EventLog; clock: VirtualClock; publish: (task: string, actorId?: string) => void } {
  const clock = new VirtualClock();
  const log = new EventLog(clock, Buffer.from('abcde'));
  const publish = (task: string, actorId = ''): void => log.publish({ kind: 'task', event: { task, action: 0 } }, actorId);
  return { log, clock, publish };
}

/** The tasks that a reader gets, with the ids of their events, until there are no more. */
async function read(log: EventLog, query: Partial<EventQuery>): Promise<{ task: string; id: string }[]> {
  const stop = new AbortController();
  const found: { task: string; id: string }[] = [];
  const stream = log.read({ ...NOW, ...query }, stop.signal);
  setImmediate(() => stop.abort());
  for await (const { id, data } of stream) found.push({ task: TaskEvent.decode(data.value).task, id });
  return found;
}

const tasks = (found: readonly { task: string }[]): string[] => found.map(({ task }) => task);

test('a reader gets the past that it asks for: none, some, all, after an id, of some seconds', async () => {
  const { log, clock, publish } = make();
  publish('a');
  await clock.advance(10_000);
  publish('b');
  publish('c');
  expect(await read(log, {})).toEqual([]);
  expect(tasks(await read(log, { tailEvents: 2 }))).toEqual(['b', 'c']);
  const all = await read(log, { tailEvents: -1 });
  expect(tasks(all)).toEqual(['a', 'b', 'c']);
  expect(tasks(await read(log, { tailId: all[0]?.id ?? '' }))).toEqual(['b', 'c']);
  expect(tasks(await read(log, { tailSeconds: 5 }))).toEqual(['b', 'c']);
});

test('more than one beginning is refused', () => {
  const { log } = make();
  let caught: unknown;
  try {
    log.read({ ...NOW, tailEvents: 1, tailSeconds: 1 }, new AbortController().signal);
  } catch (e) {
    caught = e;
  }
  expect(isFault(caught, 'invalid')).toBe(true);
});

test('a reader may want the events of one actor only', async () => {
  const { log, publish } = make();
  publish('mine', 'me');
  publish('yours', 'you');
  expect(tasks(await read(log, { tailEvents: -1, actorId: 'me' }))).toEqual(['mine']);
});

test('ids have twenty characters and sort in the order of the events, also when the clock is set back', async () => {
  const { log, clock, publish } = make();
  publish('a');
  clock.jump(-3_600_000);
  publish('b');
  await clock.advance(2000);
  publish('c');
  const ids = (await read(log, { tailEvents: -1 })).map(({ id }) => id);
  expect(ids.every((id) => /^[0-9a-v]{20}$/.test(id))).toBe(true);
  expect([...ids].sort()).toEqual(ids);
});

test('at most 990 are replayed, and a reader that falls too far behind is ended without a word', async () => {
  const { log, publish } = make();
  const stop = new AbortController();
  const slow = log.read(NOW, stop.signal)[Symbol.asyncIterator]();
  publish('first');
  expect((await slow.next()).done).toBe(false);
  for (let i = 0; i < 3000; i++) publish(`t${i}`);
  expect((await slow.next()).done).toBe(true);
  const replayed = await read(log, { tailEvents: -1 });
  expect(replayed).toHaveLength(990);
  expect(replayed.at(-1)?.task).toBe('t2999');
});

test('the place in the stream is taken at the call', async () => {
  const { log, publish } = make();
  const stop = new AbortController();
  const stream = log.read(NOW, stop.signal)[Symbol.asyncIterator]();
  publish('between');
  const first = await stream.next();
  expect(first.done === true ? '' : TaskEvent.decode(first.value.data.value).task).toBe('between');
  stop.abort();
});
