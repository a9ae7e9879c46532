import { expect, test } from '@jest/globals';
import { VirtualClock } from '@minos/testkit';
import { AttemptLimit } from './attempt-limit.ts';

function limitOf(clock: VirtualClock): AttemptLimit {
  return new AttemptLimit({ clock, burst: 3, refillMs: 1000, addresses: 2 });
}

test('an address that guesses is slowed down to one try a second, others are not', async () => {
  const clock = new VirtualClock();
  const limit = limitOf(clock);
  for (let i = 0; i < 3; i++) {
    expect(limit.mayTry('10.5.0.9')).toBe(true);
    limit.countWrong('10.5.0.9');
  }
  expect(limit.mayTry('10.5.0.9')).toBe(false);
  expect(limit.mayTry('10.5.0.3')).toBe(true);
  await clock.advance(1000);
  expect(limit.mayTry('10.5.0.9')).toBe(true);
});

test('one who tries every five seconds is never slowed down', async () => {
  const clock = new VirtualClock();
  const limit = limitOf(clock);
  for (let i = 0; i < 50; i++) {
    expect(limit.mayTry('10.5.0.3')).toBe(true);
    limit.countWrong('10.5.0.3');
    await clock.advance(5000);
  }
});

test('only so many addresses are remembered', () => {
  const limit = limitOf(new VirtualClock());
  for (let i = 0; i < 3; i++) limit.countWrong('10.5.0.1');
  limit.countWrong('10.5.0.2');
  limit.countWrong('10.5.0.3');
  expect(limit.mayTry('10.5.0.1')).toBe(true);
});
