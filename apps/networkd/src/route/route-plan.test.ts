import { expect, test } from '@jest/globals';
import { RouteSpecSpec } from '@minos/api/resource-specs';
import { netIp, netIpPrefix } from '@minos/resource';
import { observedLink, observedRoute } from '../testing/observed.ts';
import { type RouteConfig, routeConfigOf } from './route-config.ts';
import { planRoutes } from './route-plan.ts';

const LINKS = [observedLink()];
const WANTED: RouteConfig = {
  family: 'inet4',
  destination: '',
  gateway: '10.5.0.1',
  source: '',
  linkName: 'eth0',
  table: 254,
  priority: 1024,
  scope: 0,
  type: 1,
  mtu: 0,
};

function ops(wanted: readonly RouteConfig[], routes: Parameters<typeof planRoutes>[1]['routes'], links = LINKS): string[] {
  return planRoutes(wanted, { links, routes }).map(({ op, change }) => `${op} ${change.gateway}`);
}

test('routes that are as wanted need nothing, whoever made them and whatever else there is', () => {
  const connected = observedRoute({ destination: '10.5.0.0/24', gateway: '', protocol: 2, scope: 253 });
  expect(ops([WANTED], [observedRoute(), connected])).toEqual([]);
  expect(ops([WANTED], [observedRoute({ protocol: 3, source: '10.5.0.2' })])).toEqual([]);
});

test('one that is missing is added, one of ours that nobody wants is removed, one of another hand stays', () => {
  expect(ops([WANTED], [])).toEqual(['add-route 10.5.0.1']);
  expect(ops([], [observedRoute()])).toEqual(['remove-route 10.5.0.1']);
  expect(ops([], [observedRoute({ protocol: 3 })])).toEqual([]);
});

test('one of ours that differs is made again; one of another hand in its place is not removed', () => {
  for (const other of [{ gateway: '10.5.0.9' }, { mtu: 1300 }, { scope: 253 }, { outLinkIndex: 7 }]) {
    expect(ops([WANTED], [observedRoute(other)])).toHaveLength(2);
    expect(ops([WANTED], [observedRoute({ ...other, protocol: 3 })])).toEqual(['add-route 10.5.0.1']);
  }
});

test('a route waits while its link is missing or down', () => {
  expect(ops([WANTED], [], [observedLink({ flags: 0x1002 })])).toEqual([]);
  expect(ops([WANTED], [], [])).toEqual([]);
});

test('a route without a link is left to the kernel, and compared without', () => {
  expect(planRoutes([{ ...WANTED, linkName: '' }], { links: LINKS, routes: [] })).toMatchObject([
    { change: { outLinkIndex: 0 } },
  ]);
  expect(ops([{ ...WANTED, linkName: '' }], [observedRoute()])).toEqual([]);
});

test('a spec is read into what the kernel shows', () => {
  const route = (spec: Parameters<typeof RouteSpecSpec.fromPartial>[0]): RouteConfig =>
    routeConfigOf(RouteSpecSpec.fromPartial(spec));
  expect(route({ gateway: netIp('10.5.0.1') })).toMatchObject({
    family: 'inet4',
    destination: '',
    table: 254,
    type: 1,
    scope: 0,
    priority: 0,
  });
  expect(route({ destination: netIpPrefix('0.0.0.0/0'), gateway: netIp('10.5.0.1') })).toMatchObject({ destination: '' });
  expect(route({ destination: netIpPrefix('10.9.1.2/16'), outLinkName: 'eth0' })).toMatchObject({
    destination: '10.9.0.0/16',
    scope: 253,
  });
  expect(route({ destination: netIpPrefix('127.9.0.0/16') })).toMatchObject({ scope: 254 });
  expect(route({ destination: netIpPrefix('224.0.0.0/4') })).toMatchObject({ type: 5 });
  expect(route({ destination: netIpPrefix('fd00::/64'), gateway: netIp('fe80::1'), source: netIp('fd00::2') })).toMatchObject({
    family: 'inet6',
    priority: 1024,
    source: '',
    scope: 0,
  });
});
