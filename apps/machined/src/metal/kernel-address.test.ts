import { expect, test } from '@jest/globals';
import { kernelAddress } from './kernel-address.ts';

test('address, gateway and name servers of the kernel command line become a network', () => {
  expect(kernelAddress('10.0.2.15::10.0.2.2:255.255.255.0:first:eth0:off:10.0.2.3')).toMatchObject({
    hostname: 'first',
    links: [{ name: 'eth0', isUp: true, addresses: [{ prefix: '10.0.2.15/24' }], routes: [{ gateway: '10.0.2.2' }] }],
    nameServers: [{ address: '10.0.2.3' }],
  });
});

test('without a gateway there is no route, and without a netmask the address is alone', () => {
  expect(kernelAddress('10.0.2.15:::::eth0')?.links[0]).toMatchObject({ addresses: [{ prefix: '10.0.2.15/32' }], routes: [] });
});

test('what names no address, no device or no netmask that can be is none', () => {
  for (const text of ['dhcp', '', '10.0.2.15', '10.0.2.15:::255.0.255.0::eth0', 'fe80::1'])
    expect(kernelAddress(text)).toBeUndefined();
});
