import { expect, test } from '@jest/globals';
import { parseListenAddress } from './listen-address.ts';

test.each([
  [':50000', { host: undefined, port: 50_000 }],
  ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
  ['[::]:50000', { host: '::', port: 50_000 }],
])('%s', (text, value) => {
  expect(parseListenAddress(text)).toEqual({ ok: true, value });
});

test.each(['', '50000', 'host', '::1:50000', ':70000', '[::1]'])('%j is no place to listen', (text) => {
  expect(parseListenAddress(text).ok).toBe(false);
});
