import { expect, test } from '@jest/globals';
import { Code } from '@minos/api/common';
import { PhaseEvent, SequenceEvent, TaskEvent } from '@minos/api/machine';
import { aborted, Fault, isFault, silentLogger } from '@minos/base';
import { VirtualClock } from '@minos/testkit';
import { EventLog } from '../event/event-log.ts';
import { SEQUENCES } from '../rpc/diagnosis/sequence-messages.ts';
import type { Sequence, Task } from './sequence.ts';
import { SequenceRunner } from './sequence-runner.ts';

const never = (): AbortSignal => new AbortController().signal;
const task = (name: string, run: Task<null>['run'] = async () => undefined): Task<null> => ({ name, run });

function open() {
  const clock = new VirtualClock();
  const events = new EventLog(clock, Buffer.from('abcde'));
  const runner = new SequenceRunner<null>({ machine: null, events, clock, log: silentLogger });
  return { runner, words: () => words(events) };
}

async function words(events: EventLog): Promise<string[]> {
  const stop = new AbortController();
  setImmediate(() => stop.abort());
  const found: string[] = [];
  for await (const { data } of events.read({ tailEvents: -1, tailId: '', tailSeconds: 0, actorId: '' }, stop.signal)) {
    const kind = data.typeUrl.split('.')[1];
    if (kind === 'SequenceEvent') {
      const { sequence, action, error } = SequenceEvent.decode(data.value);
      found.push(`${sequence} ${['noop', 'start', 'stop'][action]}${error === undefined ? '' : ` ${error.code}`}`);
    }
    if (kind === 'PhaseEvent') found.push(`phase ${PhaseEvent.decode(data.value).phase}`);
    if (kind === 'TaskEvent') found.push(`task ${TaskEvent.decode(data.value).task}`);
  }
  return found;
}

test('phases run one after the other, their tasks together, and each beginning and end is told', async () => {
  const { runner, words: told } = open();
  const order: string[] = [];
  const note = (name: string): Task<null> => task(name, async () => void order.push(name));
  const phases = [
    { name: 'one', tasks: [note('a'), note('b')] },
    { name: 'never', isNeeded: () => false, tasks: [note('x')] },
    { name: 'two', tasks: [note('c')] },
  ];
  await runner.run({ name: 'boot', phases }, { actorId: '' }, never());
  expect(order).toEqual(['a', 'b', 'c']);
  expect((await told()).filter((word) => !word.startsWith('task'))).toEqual([
    'boot start',
    'phase one',
    'phase one',
    'phase two',
    'phase two',
    'boot stop',
  ]);
});

test('a failing task gives up the others, skips what follows, and the failure is told after the stop', async () => {
  const { runner, words: told } = open();
  let isGivenUp = false;
  const patient = task('patient', async (_machine, signal) => {
    await aborted(signal);
    isGivenUp = true;
  });
  const failing = task('failing', async () => {
    throw new Fault('internal', 'broken');
  });
  const phases = [
    { name: 'one', tasks: [patient, failing] },
    { name: 'two', tasks: [task('after')] },
  ];
  const e = await runner.run({ name: 'boot', phases }, { actorId: '' }, never()).catch((caught: unknown) => caught);
  expect(isFault(e, 'internal')).toBe(true);
  expect(isGivenUp).toBe(true);
  const all = await told();
  expect(all).not.toContain('task after');
  expect(all.slice(-2)).toEqual(['boot stop', `boot noop ${Code.FATAL}`]);
});

test('a second sequence is refused, or takes over where the table or force allows it', async () => {
  const { runner, words: told } = open();
  const endless: Sequence<null>['phases'] = [
    { name: 'wait', tasks: [task('wait', (_machine, signal) => aborted(signal).then(() => signal.throwIfAborted()))] },
  ];
  const booting = runner.run({ name: 'boot', phases: endless }, { actorId: '' }, never()).catch((e: unknown) => e);
  const refused = await runner.run({ name: 'shutdown', phases: [] }, { actorId: '' }, never()).catch((e: unknown) => e);
  expect(isFault(refused, 'precondition')).toBe(true);
  await runner.run({ name: 'reboot', phases: [] }, { actorId: '' }, never());
  expect(isFault(await booting, 'cancelled')).toBe(true);
  const all = await told();
  expect(all).toContain(`shutdown noop ${Code.LOCKED}`);
  expect(all).toContain(`boot noop ${Code.CANCELED}`);
  expect(all.slice(-1)).toEqual(['reboot stop']);
});

test('the sequences of the node are complete: no task twice, no phase without a task, and every way down stops all services first', () => {
  for (const { name, phases, refusal } of SEQUENCES) {
    const names = phases.flatMap(({ tasks }) => tasks.map((one) => one.name));
    expect([name, new Set(names).size]).toEqual([name, names.length]);
    expect(phases.every(({ tasks }) => tasks.length > 0)).toBe(true);
    expect([name, phases.length > 0]).toEqual([name, refusal === undefined]);
  }
  const ends = new Map([
    ['reboot', 'reboot'],
    ['shutdown', 'shutdown'],
    ['reset', 'shutdown'],
  ]);
  for (const { phases, name } of SEQUENCES.filter((one) => ends.has(one.name))) {
    const names = phases.flatMap(({ tasks }) => tasks.map((one) => one.name));
    expect(names.indexOf('stopAllServices')).toBeGreaterThan(0);
    expect(names.at(-1)).toBe(ends.get(name));
  }
});
