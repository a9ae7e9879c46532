import { expect, test } from '@jest/globals';
import { formatIp, formatIpPrefix, maskIp, parseIp, parseIpPrefix } from './ip-address.ts';

test.each([
  ['10.5.0.2', '10.5.0.2'],
  ['0.0.0.0', '0.0.0.0'],
  ['::', '::'],
  ['::1', '::1'],
  ['FD00::1', 'fd00::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['fe80::', 'fe80::'],
  ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
  ['64:ff9b::10.0.0.1', '64:ff9b::a00:1'],
])('%s is written %s', (text, canonical) => {
  expect(formatIp(parseIp(text) ?? Buffer.alloc(0))).toBe(canonical);
});

test.each([
  '',
  '10.5.0',
  '10.5.0.256',
  '010.5.0.1',
  '1::2::3',
  ':1',
  '1:',
  ':::',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8:9',
  'fe80::1%eth0',
  '10.0.0.1::',
  '12345::',
])('%s is no address', (text) => {
  expect(parseIp(text)).toBeUndefined();
});

test('a prefix keeps its host bits, and its length is checked', () => {
  const prefix = parseIpPrefix('10.5.0.2/24');
  expect(prefix && formatIpPrefix(prefix.ip, prefix.length)).toBe('10.5.0.2/24');
  expect(prefix && formatIp(maskIp(prefix.ip, prefix.length))).toBe('10.5.0.0');
  expect(parseIpPrefix('10.5.0.2/33')).toBeUndefined();
  expect(parseIpPrefix('10.5.0.2')).toBeUndefined();
  expect(parseIpPrefix('::/128')?.length).toBe(128);
});

test('masking works at every length', () => {
  const ones = Buffer.alloc(16, 0xff);
  for (let length = 0; length <= 128; length++) {
    const bits = [...maskIp(ones, length)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    expect(bits).toBe('1'.repeat(length).padEnd(128, '0'));
  }
});
