import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { aborted, backoffMs, Fault, formatProblems, hasCode, isFault, Mailbox, orAborted, Secret, systemClock } from './index.ts';

test('tests run as modules, not as CommonJS', () => {
  expect(typeof require).toBe('undefined');
});

test('a fault is known by its kind and keeps its cause', () => {
  const cause = new Error('why');
  const fault = new Fault('precondition', 'service is already stopping', { service: 'apid' }, { cause });
  expect(isFault(fault)).toBe(true);
  expect(isFault(fault, 'precondition')).toBe(true);
  expect(isFault(fault, 'missing')).toBe(false);
  expect(isFault(cause)).toBe(false);
  expect(fault.cause).toBe(cause);
});

test('an errno code is recognised on any object', () => {
  expect(hasCode({ code: 'ENOENT' }, 'ENOENT')).toBe(true);
  expect(hasCode(undefined, 'ENOENT')).toBe(false);
});

test('a secret shows itself nowhere', () => {
  const secret = new Secret('s3cret');
  expect(`${secret} ${JSON.stringify({ secret })} ${inspect({ secret })}`).not.toContain('s3cret');
  expect(secret.reveal()).toBe('s3cret');
});

test('waiting is given up when its signal is aborted', async () => {
  const stop = new AbortController();
  const sleeping = systemClock.sleep(60_000, stop.signal);
  const waiting = orAborted(new Promise(() => undefined), stop.signal);
  stop.abort();
  await expect(sleeping).rejects.toMatchObject({ kind: 'cancelled' });
  await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
  await aborted(stop.signal);
});

test('backoff grows to its limit and starts at nothing', () => {
  const policy = { firstMs: 100, factor: 2, maxMs: 500 };
  expect([0, 1, 2, 3, 4].map((n) => backoffMs(policy, n))).toEqual([0, 100, 200, 400, 500]);
});

test('a full mailbox says so, and an ended one gives out what it holds before it ends', async () => {
  const box = new Mailbox<number>(2);
  expect([box.push(1), box.push(2), box.push(3)]).toEqual([true, true, false]);
  box.end();
  expect(box.push(4)).toBe(false);
  const seen: number[] = [];
  for await (const item of box) seen.push(item);
  expect(seen).toEqual([1, 2]);
});

test('a failed mailbox throws after what it holds', async () => {
  const box = new Mailbox<number>(2);
  box.push(1);
  box.fail(new Fault('unavailable', 'gone'));
  const seen: number[] = [];
  const read = async (): Promise<void> => {
    for await (const item of box) seen.push(item);
  };
  await expect(read()).rejects.toThrow('gone');
  expect(seen).toEqual([1]);
});

test('problems are printed one a line with their paths', () => {
  expect(
    formatProblems([
      { path: 'a.b', expected: 'a number', found: '"x"' },
      { path: '', expected: 'a mapping' },
    ]),
  ).toBe('a.b: expected a number, found "x"\ndocument: expected a mapping');
});
