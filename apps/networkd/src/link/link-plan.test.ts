import { expect, test } from '@jest/globals';
import { observedLink } from '../testing/observed.ts';
import type { LinkConfig } from './link-config.ts';
import { planLinks } from './link-plan.ts';

const LO = observedLink({ index: 1, name: 'lo', type: 'loopback', flags: 0x10049, mtu: 65_536 });
const ETH0: LinkConfig = { name: 'eth0', isUp: true, mtu: 1500, make: undefined, unknownKind: '' };
const BRIDGE: LinkConfig = { name: 'br0', isUp: true, mtu: 0, make: { kind: 'bridge' }, unknownKind: '' };

test('links that are as wanted need nothing', () => {
  expect(
    planLinks(
      [ETH0, BRIDGE],
      [LO, observedLink(), observedLink({ index: 3, name: 'br0', kind: 'bridge', altNames: ['minos-br0'] })],
    ),
  ).toEqual([]);
});

test('the loopback is brought up though nobody asks for it', () => {
  expect(planLinks([], [observedLink({ index: 1, name: 'lo', flags: 0x8 })])).toEqual([{ op: 'set-up', name: 'lo', index: 1 }]);
});

test('MTU and state are put right, the MTU first', () => {
  expect(planLinks([ETH0], [LO, observedLink({ mtu: 1400, flags: 0x1002 })])).toEqual([
    { op: 'set-mtu', name: 'eth0', index: 2, mtu: 1500 },
    { op: 'set-up', name: 'eth0', index: 2 },
  ]);
  expect(planLinks([{ ...ETH0, isUp: false }], [LO, observedLink()])).toEqual([{ op: 'set-down', name: 'eth0', index: 2 }]);
});

test('a link of ours that nobody wants any more is removed before the wanted one is made', () => {
  const old = observedLink({ index: 3, name: 'br9', kind: 'bridge', altNames: ['minos-br9'] });
  expect(planLinks([BRIDGE], [LO, old])).toEqual([
    { op: 'delete-link', name: 'br9', index: 3 },
    { op: 'create-link', name: 'br0', make: { kind: 'bridge' }, altName: 'minos-br0' },
  ]);
});

test('a link of ours of another kind is made again; one without our mark is never removed', () => {
  const ours = observedLink({ index: 3, name: 'br0', kind: 'dummy', altNames: ['minos-br0'] });
  expect(planLinks([BRIDGE], [LO, ours]).map((step) => step.op)).toEqual(['delete-link', 'create-link']);
  expect(planLinks([], [LO, { ...ours, altNames: [] }])).toEqual([]);
});

test('a link is known by its alternative name and alias too, its real name first', () => {
  const renamed = observedLink({ name: 'enp1s0', altNames: ['uplink'], mtu: 1400 });
  expect(planLinks([{ ...ETH0, name: 'uplink' }], [LO, renamed])).toEqual([
    { op: 'set-mtu', name: 'enp1s0', index: 2, mtu: 1500 },
  ]);
  const other = observedLink({ index: 4, name: 'eth0', mtu: 1400 });
  expect(planLinks([ETH0], [LO, observedLink({ name: 'enp1s0', alias: 'eth0' }), other])).toEqual([
    { op: 'set-mtu', name: 'eth0', index: 4, mtu: 1500 },
  ]);
});

test('a physical link that is missing is waited for', () => {
  expect(planLinks([ETH0], [LO])).toEqual([]);
});

test('a link of a kind that cannot be made is refused instead of waited for, unless it is there', () => {
  const vlan: LinkConfig = { name: 'eth0.5', isUp: true, mtu: 0, make: undefined, unknownKind: 'vlan' };
  expect(planLinks([vlan], [LO])).toEqual([{ op: 'refuse-link', name: 'eth0.5', kind: 'vlan' }]);
  expect(planLinks([vlan], [LO, observedLink({ name: 'eth0.5' })])).toEqual([]);
});
