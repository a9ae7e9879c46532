import { expect, test } from '@jest/globals';
import { peerName } from './peer-name.ts';

test.each([
  ['::ffff:10.5.0.2', '10.5.0.2'],
  ['10.5.0.2', '10.5.0.2'],
  ['fd00::2', 'fd00::2'],
  ['::ffff:a05:2', '::ffff:a05:2'],
  [undefined, ''],
])('a client at %s is called %s', (address, name) => {
  expect(peerName(address)).toBe(name);
});
