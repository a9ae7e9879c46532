import { expect, test } from '@jest/globals';
import { isDown, mayHaveProcess, NEXT, type ServiceEvent, type ServiceState, STATE_TEXT } from './service-table.ts';

const STATES = Object.keys(NEXT).filter((state): state is ServiceState => state in STATE_TEXT);
const EVENTS = Object.keys(NEXT.running).filter((event): event is ServiceEvent => event in NEXT.running);

function step(state: ServiceState, event: ServiceEvent): ServiceState {
  return NEXT[state][event] ?? state;
}

/** A small generator with a seed, so that a failure can be repeated. */
function* numbers(seed: number): Generator<number> {
  for (let x = seed; ; ) {
    x = (x * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield x / 2_147_483_648;
  }
}

test('every state has a row with every event, and a word for clients', () => {
  expect(STATES).toHaveLength(9);
  for (const state of STATES) expect(Object.keys(NEXT[state]).sort()).toEqual([...EVENTS].sort());
});

test('a service is called running only when its process said that it is ready', () => {
  const ways = STATES.flatMap((from) => EVENTS.filter((event) => NEXT[from][event] === 'running'));
  expect(new Set(ways)).toEqual(new Set(['ready', 'adoptedReady']));
});

test('after the end of a process no state assumes one, and without a process there is no end', () => {
  for (const state of STATES) {
    for (const event of ['exited', 'gaveUp'] as const) {
      const next = NEXT[state][event];
      if (next !== null) expect(mayHaveProcess(next)).toBe(false);
      if (event === 'exited' && !mayHaveProcess(state)) expect(next).toBeNull();
    }
  }
});

test('whatever happened before, stopping and the end of the process bring a service to rest', () => {
  const random = numbers(20_260_101);
  for (let run = 0; run < 2000; run++) {
    let state: ServiceState = 'initialized';
    for (let i = 0; i < 20; i++) state = step(state, EVENTS[Math.floor((random.next().value ?? 0) * EVENTS.length)] ?? 'start');
    state = step(step(state, 'stop'), 'exited');
    expect(isDown(state)).toBe(true);
    expect(step(state, 'start')).toBe('waiting');
  }
});

test('a service that is being stopped is not started behind its back', () => {
  for (const event of EVENTS) expect(['stopping', 'finished']).toContain(step('stopping', event));
});
