import { isIP, SocketAddress } from 'node:net';
import { expect, test } from '@jest/globals';
import { ipBytes, ipText } from './index.ts';

test('addresses survive the way to bytes and back, in their shortest form', () => {
  const forms: Record<string, string> = {
    '10.5.0.2': '10.5.0.2',
    '::': '::',
    '::1': '::1',
    'fe80::1': 'fe80::1',
    '2001:db8::': '2001:db8::',
    '2001:0db8:0:0:1:0:0:1': '2001:db8::1:0:0:1',
    '1:0:2:3:4:5:6:7': '1:0:2:3:4:5:6:7',
    '::ffff:10.0.0.1': '::ffff:a00:1',
    '0:0:1::': '0:0:1::',
  };
  for (const [raw, text] of Object.entries(forms)) expect([raw, ipText(ipBytes(raw))]).toEqual([raw, text]);
});

test('random addresses read back as the same bytes', () => {
  for (let i = 0; i < 300; i++) {
    const bytes = Buffer.from(Array.from({ length: 16 }, (_, at) => ((i * 31 + at * 17) % 5 === 0 ? (i * at) % 256 : 0)));
    const text = ipText(bytes) ?? '';
    expect(isIP(text)).toBe(6);
    expect(ipBytes(text)).toEqual(bytes);
    expect(new SocketAddress({ address: text, family: 'ipv6' }).family).toBe('ipv6');
  }
});
