import { expect, test } from '@jest/globals';
import { busyProcesses, cpuShare, memoryShare, newNodeView, withLog, withLoss, withReading } from './node-view.ts';
import { testReading } from './testing/test-reading.ts';

test('the share of the processors is that between two readings, and unknown after one', () => {
  const first = withReading(newNodeView('a'), testReading({ idle: 100, user: 10 }));
  expect(cpuShare(first)).toBeUndefined();
  expect(cpuShare(withReading(first, testReading({ idle: 103, user: 11 })))).toBeCloseTo(0.25);
});

test('processors that were counted from the start again are not a negative share', () => {
  const first = withReading(newNodeView('a'), testReading({ idle: 100, user: 10 }));
  expect(cpuShare(withReading(first, testReading({ idle: 1, user: 1 })))).toBeUndefined();
});

test('memory in use is what programs cannot have', () => {
  expect(memoryShare(withReading(newNodeView('a'), testReading({})))).toBeCloseTo(0.25);
  expect(memoryShare(newNodeView('a'))).toBeUndefined();
});

test('a node that is gone says since its first failure and why the last one was, and is back with an answer', () => {
  const lost = withLoss(withLoss(newNodeView('a'), 1000, 'refused'), 5000, 'no route');
  expect(lost.lost).toEqual({ sinceMs: 1000, why: 'no route' });
  expect(withReading(lost, testReading({})).lost).toBeUndefined();
});

test('of the log, the newest thousand lines are kept', () => {
  const lines = Array.from({ length: 1500 }, (_, i) => `line ${i}`);
  const { log } = withLog(newNodeView('a'), lines);
  expect([log.length, log[0], log.at(-1)]).toEqual([1000, 'line 500', 'line 1499']);
});

test('the process that worked most since the last reading is first', () => {
  const first = withReading(newNodeView('a'), testReading({ atMs: 0, cpuTimes: [5, 50] }));
  const view = withReading(first, testReading({ atMs: 2000, cpuTimes: [6, 50] }));
  expect(busyProcesses(view).map(({ pid, cpu }) => [pid, cpu])).toEqual([
    [1, 0.5],
    [2, 0],
  ]);
});
