import { expect, test } from '@jest/globals';
import { AddressSpecSpec } from '@minos/api/resource-specs';
import { netIpPrefix } from '@minos/resource';
import { observedAddress, observedLink } from '../testing/observed.ts';
import { type AddressConfig, addressConfigOf } from './address-config.ts';
import { planAddresses } from './address-plan.ts';

const LINKS = [observedLink()];
const WANTED: AddressConfig = { linkName: 'eth0', address: '10.5.0.2/24', family: 'inet4', scope: 0, flags: 0, priority: 0 };
const ADD = { op: 'add-address', linkName: 'eth0', linkIndex: 2, config: WANTED };
const REMOVE = { op: 'remove-address', linkName: 'eth0', linkIndex: 2, address: '10.5.0.2/24' };

test('addresses that are as wanted need nothing, whoever made them', () => {
  expect(planAddresses([WANTED], { links: LINKS, addresses: [observedAddress()] })).toEqual([]);
  expect(planAddresses([WANTED], { links: LINKS, addresses: [observedAddress({ protocol: 0 })] })).toEqual([]);
});

test('one that is missing is added; one of ours that nobody wants is removed; another hand is left alone', () => {
  expect(planAddresses([WANTED], { links: LINKS, addresses: [] })).toEqual([ADD]);
  expect(planAddresses([], { links: LINKS, addresses: [observedAddress()] })).toEqual([REMOVE]);
  expect(planAddresses([], { links: LINKS, addresses: [observedAddress({ protocol: 0 })] })).toEqual([]);
});

test('one with another scope, flag or metric is made again', () => {
  for (const other of [{ scope: 253 }, { flags: 0x280 }, { priority: 5 }]) {
    expect(planAddresses([WANTED], { links: LINKS, addresses: [observedAddress(other)] })).toEqual([REMOVE, ADD]);
  }
});

test('another prefix length is another address, and the old one goes first', () => {
  const found = observedAddress({ address: '10.5.0.2/16' });
  expect(planAddresses([WANTED], { links: LINKS, addresses: [found] })).toEqual([{ ...REMOVE, address: '10.5.0.2/16' }, ADD]);
});

test('what the kernel decides is not compared: tentative, deprecated, the scope of IPv6', () => {
  const six: AddressConfig = { ...WANTED, address: 'fe80::2/64', family: 'inet6', flags: 0x04 };
  const found = observedAddress({ address: 'fe80::2/64', family: 'inet6', scope: 253, flags: 0x80 | 0x40 | 0x20 });
  expect(planAddresses([six], { links: LINKS, addresses: [found] })).toEqual([]);
});

test('an address of a link that is missing waits', () => {
  expect(planAddresses([{ ...WANTED, linkName: 'eth9' }], { links: LINKS, addresses: [] })).toEqual([]);
});

test('of a spec only the flags are taken that a user may set', () => {
  const spec = AddressSpecSpec.fromPartial({
    address: netIpPrefix('fd00::2/64'),
    linkName: 'eth0',
    family: 10,
    flags: 0x80 | 0x40 | 0x02,
  });
  expect(addressConfigOf(spec)).toMatchObject({ address: 'fd00::2/64', family: 'inet6', flags: 0x02 });
  expect(addressConfigOf(AddressSpecSpec.fromPartial({ linkName: 'eth0' }))).toBeUndefined();
});
