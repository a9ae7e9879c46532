import { expect, test } from '@jest/globals';
import { Scope } from './scope.ts';

test('what was opened last is released first', async () => {
  const order: string[] = [];
  await using scope = new Scope();
  scope.use(() => void order.push('first'));
  scope.use(async () => void order.push('second'));
  await scope.close();
  expect(order).toEqual(['second', 'first']);
});

test('a release that fails does not keep the others from being released, and every failure is reported', async () => {
  const scope = new Scope();
  let released = false;
  scope.use(() => {
    released = true;
  });
  scope.use(() => Promise.reject(new Error('a')));
  scope.use(() => Promise.reject(new Error('b')));
  await expect(scope.close()).rejects.toThrow('b; a');
  expect(released).toBe(true);
});

test('a closed scope refuses to own more', async () => {
  const scope = new Scope();
  await scope.close();
  expect(() => scope.use(() => undefined)).toThrow('closed');
});
