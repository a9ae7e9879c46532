import { expect, test } from '@jest/globals';
import { joinEndpoints } from './join-endpoints.ts';
import { joinWaitMs, renewalMs } from './join-schedule.ts';

test('addresses are asked before names, each once', () => {
  expect(joinEndpoints('https://cp.example:6443', ['10.5.0.3', '10.5.0.2', '10.5.0.3', ''])).toEqual([
    { host: '10.5.0.2', port: 50001 },
    { host: '10.5.0.3', port: 50001 },
    { host: 'cp.example', port: 50001 },
  ]);
  expect(joinEndpoints('https://[fd00::2]:6443', [])).toEqual([{ host: 'fd00::2', port: 50001 }]);
  expect(joinEndpoints('', [])).toEqual([]);
});

test('attempts come at least every five seconds', () => {
  expect([1, 2, 3, 4, 5, 50].map(joinWaitMs)).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
});

test('a renewal comes at half of the life, or up to a tenth of that half earlier', () => {
  expect(renewalMs(0, 1000, 0)).toBe(1000);
  expect(renewalMs(0, 1000, 1)).toBe(900);
});
