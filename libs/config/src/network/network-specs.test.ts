import { expect, test } from '@jest/globals';
import { NetworkConfigLayer, RouteSpecSpec } from '@minos/api/resource-specs';
import { parseMachineConfig, patchConfig } from '../index.ts';
import { olderConfig } from '../testing/older-config.ts';
import { testCluster } from '../testing/test-cluster.ts';
import { networkSpecs } from './network-specs.ts';

const DOCUMENTS = `apiVersion: v1alpha1
kind: LinkConfig
name: eth0
mtu: 1400
addresses:
    - address: 10.5.0.3/24
    - address: fd00::3/64
      routePriority: 7
routes:
    - gateway: 10.5.0.1
    - destination: 10.9.0.0/16
      gateway: 10.5.0.1
      metric: 5
      table: 100
    - destination: fd09::/16
      gateway: fd00::1
---
apiVersion: v1alpha1
kind: BridgeConfig
name: br0
links: [eth1, dummy0]
stp: { enabled: true }
---
apiVersion: v1alpha1
kind: DummyLinkConfig
name: dummy0
up: false
---
apiVersion: v1alpha1
kind: VLANConfig
name: eth0.9
vlanID: 9
parent: eth0
---
apiVersion: v1alpha1
kind: ResolverConfig
nameservers:
    - address: 10.5.0.1
    - { address: 10.5.0.53, protocol: dot, tlsServerName: dns.example }
searchDomains: { domains: [example] }
`;

async function specsOf(patch: string) {
  const text = patchConfig((await testCluster()).worker, [patch]);
  const config = text.ok ? parseMachineConfig(text.value) : text;
  if (!config.ok) throw new TypeError(JSON.stringify(config.problems));
  return networkSpecs(config.value, { automaticHostname: 'talos-abc' });
}

test('links, addresses and routes have the ids of the compatible system', async () => {
  const specs = await specsOf(DOCUMENTS);
  expect([...specs.links.keys()]).toEqual(['lo', 'eth0', 'br0', 'dummy0', 'eth0.9', 'eth1']);
  expect([...specs.addresses.keys()]).toEqual(['lo/127.0.0.1/8', 'eth0/10.5.0.3/24', 'eth0/fd00::3/64']);
  expect([...specs.routes.keys()]).toEqual([
    'inet4/10.5.0.1//1024',
    '100/inet4/10.5.0.1/10.9.0.0/16/5',
    'eth0/inet6/fd00::1/fd09::/16/1024',
  ]);
});

test('a spec says what the configuration says', async () => {
  const { links, addresses, routes } = await specsOf(DOCUMENTS);
  expect(links.get('eth0')).toMatchObject({ name: 'eth0', logical: false, up: true, mtu: 1400, kind: '', configLayer: 4 });
  expect(links.get('dummy0')).toMatchObject({ logical: true, up: false, kind: 'dummy', bridgeSlave: { masterName: 'br0' } });
  expect(links.get('eth1')).toMatchObject({ logical: false, up: true, bridgeSlave: { masterName: 'br0' } });
  expect(links.get('br0')).toMatchObject({ kind: 'bridge', bridgeMaster: { stp: { enabled: true } } });
  expect(links.get('eth0.9')).toMatchObject({ kind: 'vlan', parentName: 'eth0', vlan: { vid: 9, protocol: 0x8100 } });
  expect(addresses.get('eth0/fd00::3/64')).toMatchObject({
    family: 10,
    linkName: 'eth0',
    priority: 7,
    flags: 0x80,
    address: { prefixLength: 64 },
  });
  const route = routes.get('100/inet4/10.5.0.1/10.9.0.0/16/5');
  expect(route).toMatchObject({ table: 100, priority: 5, outLinkName: 'eth0', protocol: 4, type: 1, family: 2 });
  expect(RouteSpecSpec.decode(RouteSpecSpec.encode(route ?? RouteSpecSpec.fromPartial({})).finish())).toEqual(route);
});

test('resolvers keep the servers of other protocols apart from plain ones', async () => {
  const { resolvers } = await specsOf(DOCUMENTS);
  expect(resolvers.get('resolvers')).toMatchObject({
    dnsServers: [{ ip: Buffer.from([10, 5, 0, 1]) }],
    nameServers: [{ protocol: 0 }, { protocol: 1, tlsServerName: 'dns.example' }],
    searchDomains: ['example'],
    searchDomainsOverridden: true,
  });
});

test('a host name comes from the configuration, or from the node where it asks for a stable one', async () => {
  const given = await specsOf('apiVersion: v1alpha1\nkind: HostnameConfig\nauto: "off"\nhostname: w1.minos.example\n');
  expect(given.hostname.get('hostname')).toMatchObject({ hostname: 'w1', domainname: 'minos.example' });
  const own = await specsOf('machine: {}\n');
  expect(own.hostname.get('hostname')).toMatchObject({ hostname: 'talos-abc', configLayer: NetworkConfigLayer.CONFIG_DEFAULT });
});

test('the older form gives the same kinds of specs', () => {
  const config = parseMachineConfig(olderConfig());
  if (!config.ok) throw new TypeError('unreadable');
  const specs = networkSpecs(config.value);
  expect([...specs.routes.keys()]).toEqual(['inet4/10.5.0.1//512']);
  expect([...specs.addresses.keys()]).toContain('eth0.7/10.7.0.2/24');
  expect(specs.hostname.get('hostname')).toMatchObject({ hostname: 'minos-cp-1', domainname: 'example' });
});
