import { expect, test } from '@jest/globals';
import { NethelpersLinkType as Type } from '@minos/api/resource-specs';
import { maintenanceLinks } from './maintenance-links.ts';

test('without a configuration every device is wanted up, and nothing that somebody made', () => {
  const links = [
    { name: 'lo', type: Type.LINK_LOOPBCK, kind: '' },
    { name: 'eth0', type: Type.LINK_ETHER, kind: 'veth' },
    { name: 'enp1s0', type: Type.LINK_ETHER, kind: '' },
    { name: 'br0', type: Type.LINK_ETHER, kind: 'bridge' },
    { name: 'tunl0', type: Type.LINK_TUNNEL, kind: 'ipip' },
  ];
  const wanted = maintenanceLinks(links);
  expect([...wanted.keys()]).toEqual(['lo', 'eth0', 'enp1s0']);
  expect([...wanted.values()].every(({ up }) => up)).toBe(true);
});
