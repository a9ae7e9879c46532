import { expect, test } from '@jest/globals';
import { isFault } from '@minos/base';
import { formatNetIp, formatNetIpPrefix, netIp, netIpPrefix } from './ip-text.ts';

test('addresses and prefixes are written as they were read, in canonical form', () => {
  const canonical = [
    '10.5.0.2',
    '::',
    '::1',
    'fd00::1',
    '2001:db8::1:0:0:1',
    '1:2:3:4:5:6:7:8',
    'fe80::1%eth0',
    '::ffff:1.2.3.4',
  ];
  expect(canonical.map((text) => formatNetIp(netIp(text)))).toEqual(canonical);
  expect(formatNetIp(netIp('2001:DB8:0:0:0:0:0:1'))).toBe('2001:db8::1');
  expect(['10.5.0.2/24', 'fd00::1/64', '0.0.0.0/0'].map((text) => formatNetIpPrefix(netIpPrefix(text)))).toEqual([
    '10.5.0.2/24',
    'fd00::1/64',
    '0.0.0.0/0',
  ]);
});

test('nothing is written as empty text, and what is no address is refused', () => {
  expect(formatNetIp(undefined)).toBe('');
  expect(formatNetIpPrefix(undefined)).toBe('');
  for (const text of ['10.5.0.2/33', '10.5.0.2', 'x/1']) {
    expect(() => netIpPrefix(text)).toThrow(/is not an/);
  }
  const e = (() => {
    try {
      return netIp('1.2.3');
    } catch (caught) {
      return caught;
    }
  })();
  expect(isFault(e, 'invalid')).toBe(true);
});
