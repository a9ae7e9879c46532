import { expect, test } from '@jest/globals';
import { formatNetIpPrefix } from '@minos/resource';
import { observedAddress, observedLink } from '../testing/observed.ts';
import { type NodeAddressMemory, nodeAddresses } from './node-address.ts';

const NONE: NodeAddressMemory = { default: undefined, accumulative: [] };

function told(addresses: readonly string[], before: NodeAddressMemory, links = [observedLink()]): Record<string, string[]> {
  const found = addresses.map((address) => observedAddress({ address, scope: address.startsWith('fe80') ? 253 : 0 }));
  const { specs } = nodeAddresses({ links, addresses: found, routes: [] }, before);
  return Object.fromEntries([...specs].map(([id, spec]) => [id, spec.addresses.map(formatNetIpPrefix)]));
}

test('addresses are sorted, and those that nobody can reach are left out', () => {
  const all = [
    'fd00::2/64',
    '10.5.0.10/24',
    '10.5.0.2/24',
    '127.0.0.1/8',
    'fe80::1/64',
    '169.254.1.1/16',
    '::1/128',
    '224.0.0.1/4',
    'ff02::1/64',
  ];
  expect(told(all, NONE)).toEqual({
    default: ['10.5.0.2/24'],
    current: ['10.5.0.2/24', '10.5.0.10/24', 'fd00::2/64'],
    accumulative: ['10.5.0.2/24', '10.5.0.10/24', 'fd00::2/64'],
    routed: ['10.5.0.2/24', '10.5.0.10/24', 'fd00::2/64'],
  });
});

test('the default stays while it is there, and what was once seen stays accumulated', () => {
  const before = { default: '10.5.0.10/24', accumulative: ['10.9.0.1/24', '10.5.0.10/24'] };
  expect(told(['10.5.0.2/24', '10.5.0.10/24'], before)).toMatchObject({
    default: ['10.5.0.10/24'],
    accumulative: ['10.5.0.2/24', '10.5.0.10/24', '10.9.0.1/24'],
  });
  expect(told(['10.5.0.2/24'], before)).toMatchObject({ default: ['10.5.0.2/24'] });
  expect(told([], before)).toMatchObject({ default: ['10.5.0.10/24'], current: [] });
});

test('addresses of a link that is down are not current', () => {
  expect(told(['10.5.0.2/24'], NONE, [observedLink({ flags: 0x1002 })])).toEqual({ current: [], accumulative: [], routed: [] });
});
