import { expect, test } from '@jest/globals';
import { clusterIdentity, clusterSubnet, isInSubnet } from './cluster-options.ts';
import { planCluster } from './cluster-plan.ts';

const base = { checkout: '/checkout', cwd: '/work' };
const identity = (name: string, dir?: string) => clusterIdentity({ name, 'state-dir': dir }, base);
const plan = (name: string, workers: number, subnet = '10.5.0.0/24', dir?: string) =>
  planCluster(identity(name, dir), { subnet, workers, image: '/i', holder: '/h' });

test('the cluster of `npm run up` has the names and addresses that the README shows', () => {
  const made = plan('minos', 2);
  expect(made).toMatchObject({
    dir: '/checkout/.minos/cluster',
    clientConfig: '/checkout/.minos/config',
    bridge: 'minosbr0',
    gateway: '10.5.0.1',
    endpoint: '10.5.0.2',
  });
  expect(made.nodes.map((n) => [n.name, n.type, n.address, n.veth, n.cgroup])).toEqual([
    ['minos-cp-1', 'controlplane', '10.5.0.2', 'minos-1', 'minos-minos/minos-cp-1'],
    ['minos-worker-1', 'worker', '10.5.0.3', 'minos-2', 'minos-minos/minos-worker-1'],
    ['minos-worker-2', 'worker', '10.5.0.4', 'minos-3', 'minos-minos/minos-worker-2'],
  ]);
  expect(made.nodes[0]?.files.config).toBe('/checkout/.minos/cluster/nodes/minos-cp-1/state/config.yaml');
});

test('two clusters share nothing, and no name of a link is too long for the kernel', () => {
  const [one, two] = [plan('lab', 100, '10.6.0.0/16'), plan('a-very-long-name-of-a-cluster', 100, '10.7.0.0/24')];
  expect(one.bridge).not.toBe(two.bridge);
  expect(one.dir).toBe('/checkout/.minos/cluster-lab');
  expect(one.clientConfig).toBe('/checkout/.minos/cluster-lab/config');
  for (const made of [one, two]) {
    const links = [made.bridge, ...made.nodes.map((n) => n.veth)];
    expect(new Set(links).size).toBe(102);
    for (const link of links) expect(link.length).toBeLessThanOrEqual(15);
    expect(new Set(made.nodes.map((n) => n.address)).size).toBe(101);
  }
});

test('a folder of its own holds the client configuration too', () => {
  expect(plan('lab', 0, '10.5.0.0/24', 'here')).toMatchObject({ dir: '/work/here', clientConfig: '/work/here/config' });
});

test.each(['', 'Lab', '1lab', 'lab-', 'a/b', '../x', 'x'.repeat(32)])('"%s" is no name of a cluster', (name) => {
  expect(() => identity(name)).toThrow('--name takes');
});

test.each([
  ['10.5.0.0', 1, '--subnet takes an IPv4 network'],
  ['fd00::/64', 1, '--subnet takes an IPv4 network'],
  ['10.5.0.0/8', 1, '16 to 29 bits'],
  ['8.8.8.0/24', 1, 'a private network'],
  ['10.5.0.0/29', 6, 'has room for 5 nodes'],
])('%s for %d nodes is refused', (cidr, nodes, message) => {
  expect(() => clusterSubnet(cidr, nodes)).toThrow(message);
});

test('the number of workers has limits', () => {
  expect(() => plan('minos', -1)).toThrow('--workers takes');
  expect(() => plan('minos', 101)).toThrow('--workers takes');
});

test('host bits of a subnet do not matter, and an address is in it or not', () => {
  const subnet = clusterSubnet('10.5.3.77/24', 3);
  expect(subnet.cidr).toBe('10.5.3.0/24');
  expect(subnet.address(2)).toBe('10.5.3.2');
  expect(['10.5.3.255', '10.5.4.1', 'fd00::1', 'x'].map((a) => isInSubnet(a, subnet))).toEqual([true, false, false, false]);
});
