import { expect, test } from '@jest/globals';
import { hostOf, isTarget } from './target.ts';

test.each(['10.5.0.2', 'node-1', 'node-1.example.test', '2001:db8::1', '[2001:db8::1]', 'fe80::1%eth0'])(
  '%s may be a node',
  (text) => {
    expect(isTarget(text)).toBe(true);
  },
);

test.each(['', '10.0.0.1:50000', 'host:50000', '[::1]:50000', ':50000', 'host:', 'a b', 'a/b', 'a,b', 'x'.repeat(256)])(
  '%j may not be a node',
  (text) => {
    expect(isTarget(text)).toBe(false);
  },
);

test('brackets around an address are not part of the host', () => {
  expect([hostOf('[2001:db8::1]'), hostOf('2001:db8::1'), hostOf('node-1')]).toEqual(['2001:db8::1', '2001:db8::1', 'node-1']);
});
