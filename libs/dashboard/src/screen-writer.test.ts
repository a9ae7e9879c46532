import { expect, test } from '@jest/globals';
import { eventually, VirtualClock } from '@minos/testkit';
import { span } from './line.ts';
import { Pacer, ScreenWriter } from './screen-writer.ts';

const SIZE = { columns: 5, rows: 2 };

test('only lines that changed are sent again', () => {
  const writer = new ScreenWriter();
  expect(writer.update([[span('one')], [span('two')]], SIZE)).toContain('\x1b[2J');
  expect(writer.update([[span('one')], [span('2')]], SIZE)).toBe('\x1b[2;1H\x1b[0m2\x1b[0m    \x1b[0m');
  expect(writer.update([[span('one')], [span('2')]], SIZE)).toBe('');
});

test('all is sent again when the terminal has another size', () => {
  const writer = new ScreenWriter();
  writer.update([[span('one')]], SIZE);
  expect(writer.update([[span('one')]], { columns: 6, rows: 2 })).toContain('one');
});

test('news are drawn at most twice a second, what a key wants at once', async () => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  let drawn = 0;
  const pacer = new Pacer(
    clock,
    () => {
      drawn += 1;
    },
    stop.signal,
  );
  pacer.now();
  for (let i = 0; i < 10; i += 1) pacer.ask();
  expect([drawn, clock.sleeping]).toEqual([1, 1]);
  await clock.advance(499);
  expect(drawn).toBe(1);
  await clock.advance(1);
  await eventually(() => expect(drawn).toBe(2), { withinMs: 5000 });
  pacer.now();
  expect(drawn).toBe(3);
  stop.abort();
  pacer.now();
  expect(drawn).toBe(3);
});
