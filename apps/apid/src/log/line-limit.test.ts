import { expect, test } from '@jest/globals';
import { recordingLogger, VirtualClock } from '@minos/testkit';
import { LineLimit } from './line-limit.ts';

test('lines beyond the limit are counted, and the count is told in the next second', async () => {
  const clock = new VirtualClock();
  const log = recordingLogger();
  const limit = new LineLimit(log, clock, 3);
  expect([1, 2, 3, 4, 5].map(() => limit.hasRoom())).toEqual([true, true, true, false, false]);
  expect(log.lines).toEqual([]);
  await clock.advance(1000);
  expect(limit.hasRoom()).toBe(true);
  expect(log.lines).toEqual([{ level: 'warn', message: 'lines were left out of the log', fields: { lines: 2 } }]);
});
