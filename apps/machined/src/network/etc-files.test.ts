import { expect, test } from '@jest/globals';
import { HostnameStatusSpec, ResolverStatusSpec } from '@minos/api/resource-specs';
import { netIp } from '@minos/resource';
import { hostnameText, hostsText, resolvConfText } from './etc-files.ts';

const INPUT = {
  hostname: HostnameStatusSpec.fromPartial({ hostname: 'n1', domainname: 'example.org' }),
  resolvers: ResolverStatusSpec.fromPartial({
    dnsServers: ['10.5.0.1', '1.1.1.1', 'fd00::1', '9.9.9.9'].map(netIp),
    searchDomains: ['example.org'],
  }),
  address: '10.5.0.2',
  staticHosts: [{ address: '10.0.0.9', names: ['store', 'store.lan'] }],
};

test('the hosts file names the node by its full name first, and the hosts of the configuration', () => {
  const lines = hostsText(INPUT).split('\n');
  expect(lines[0]).toMatch(/^127\.0\.0\.1 +localhost$/);
  expect(lines[1]).toMatch(/^10\.5\.0\.2 +n1\.example\.org n1$/);
  expect(lines.at(-2)).toMatch(/^10\.0\.0\.9 +store store\.lan$/);
});

test('no more name servers are written than a resolver reads', () => {
  expect(resolvConfText(INPUT)).toBe('nameserver 10.5.0.1\nnameserver 1.1.1.1\nnameserver fd00::1\nsearch example.org\n');
});

test('a node without a name is called localhost', () => {
  expect(hostnameText(INPUT)).toBe('n1\n');
  expect(hostnameText({ ...INPUT, hostname: undefined })).toBe('localhost\n');
});
