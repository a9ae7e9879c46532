import { expect, test } from '@jest/globals';
import { clusterIdentity } from './cluster-options.ts';
import { parseRecord } from './cluster-record.ts';
import { parseHolder } from './find-holders.ts';
import { guardedNetwork } from './guard-route.ts';
import { parseHolderStatus } from './holder-status.ts';
import { mountsBelow } from './observe-leftovers.ts';
import { planSweep } from './sweep-plan.ts';

const identity = clusterIdentity({ name: 'minos', 'state-dir': '/c' }, { checkout: '/x', cwd: '/' });
const nothing = { holders: [], mounts: [], links: [], cgroups: [], route: undefined, hasFiles: false };

test('nothing left gives nothing to do', () => {
  expect(planSweep(nothing, identity)).toEqual([]);
});

test('what uses something goes before it', () => {
  const holder = { pid: 7, node: 'minos-cp-1', bridge: 'minosbr0', link: '', pidfile: '/c/nodes/minos-cp-1/holder.pid' };
  const steps = planSweep(
    {
      holders: [holder],
      mounts: ['/c/image'],
      links: [{ name: 'minosbr0', alias: '', addresses: [] }],
      cgroups: ['/g/minos-minos/minos-cp-1', '/g/minos-minos'],
      route: { cidr: '10.5.0.0/16' },
      hasFiles: true,
    },
    identity,
  );
  expect(steps.map((step) => step.op)).toEqual([
    'end-holder',
    'delete-link',
    'remove-cgroup',
    'remove-cgroup',
    'unmount',
    'remove-route',
    'remove-files',
  ]);
});

test('mounts below a folder are found by whole names, the innermost first, blanks in them too', () => {
  const line = (path: string): string => `36 35 98:0 / ${path} rw,noatime - ext4 /dev/root rw`;
  const table = ['/', '/c', '/c/image', '/c/my\\040image', '/cc/image', '/other/c'].map(line).join('\n');
  expect(mountsBelow(table, '/c')).toEqual(['/c/my image', '/c/image', '/c']);
});

test('a holder is known by its program and arguments, whatever else runs', () => {
  const words = (...args: string[]): string => `${args.join('\0')}\0`;
  const holder = ['/d/minos-holder', '--name', 'n', '--root', '/r', '--bridge', 'b', '--pidfile', '/p'];
  expect(parseHolder(7, words(...holder))).toEqual({ pid: 7, node: 'n', bridge: 'b', link: '', pidfile: '/p' });
  const machine = [
    '/usr/bin/qemu-system-x86_64',
    '-name',
    'n',
    '-pidfile',
    '/p',
    '-netdev',
    'tap,id=net0,ifname=minos-1,script=no',
  ];
  expect(parseHolder(7, words(...machine))).toEqual({ pid: 7, node: 'n', bridge: '', link: 'minos-1', pidfile: '/p' });
  expect(parseHolder(7, words('qemu-system-x86_64', '-netdev', 'user,id=net0'))).toBeUndefined();
  expect(parseHolder(7, words('grep', 'minos-holder', '--name', 'n'))).toBeUndefined();
  expect(parseHolder(7, '')).toBeUndefined();
});

test('what a holder or an earlier version wrote is read only when it is whole', () => {
  expect(parseHolderStatus({ state: 'running', pid: 5, starts: 2, holder: 4 })).toEqual({ state: 'running', pid: 5, starts: 2 });
  for (const broken of [null, 7, {}, { state: 'odd', pid: 5, starts: 2 }, { state: 'running', pid: '5', starts: 2 }]) {
    expect(parseHolderStatus(broken)).toBeUndefined();
  }
  const record = {
    name: 'minos',
    subnet: '10.5.0.0/24',
    endpoint: '10.5.0.2',
    image: '/i',
    nodes: [{ name: 'a', type: 'worker', address: 'x' }, 7],
  };
  expect(parseRecord(record)).toMatchObject({ isComplete: false, nodes: [{ name: 'a' }] });
  expect(parseRecord({ ...record, subnet: 7 })).toBeUndefined();
});

test('the network around a subnet is guarded', () => {
  expect(guardedNetwork('10.5.17.0/24')).toBe('10.5.0.0/16');
});
