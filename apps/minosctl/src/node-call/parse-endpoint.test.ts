import { expect, test } from '@jest/globals';
import { endpointText, parseEndpoint } from './parse-endpoint.ts';

test.each([
  ['10.5.0.2', '10.5.0.2:50000'],
  ['10.5.0.2:6000', '10.5.0.2:6000'],
  ['host.example', 'host.example:50000'],
  ['fd00::1', '[fd00::1]:50000'],
  ['fe80::1%minosbr0', '[fe80::1%minosbr0]:50000'],
  ['[fe80::1%minosbr0]:6000', '[fe80::1%minosbr0]:6000'],
  ['[fd00::1]', '[fd00::1]:50000'],
  ['[fd00::1]:6000', '[fd00::1]:6000'],
  ['https://host.example', 'host.example:443'],
  ['https://host.example:6000/', 'host.example:6000'],
])('%s is %s', (text, endpoint) => {
  expect(endpointText(parseEndpoint(text))).toBe(endpoint);
});

test.each(['', 'a b', 'host:0', 'host:70000', 'host:port', '[fd00::1', 'http://host'])('"%s" is no endpoint', (text) => {
  expect(() => parseEndpoint(text)).toThrow('is no endpoint');
});
