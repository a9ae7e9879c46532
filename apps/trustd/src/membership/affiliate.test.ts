import { expect, test } from '@jest/globals';
import { issueCertificate, newCertificateAuthority, parseCertificate } from '@minos/pki';
import { formatNetIp } from '@minos/resource';
import { affiliateOf } from './affiliate.ts';

function issued(commonName: string, ipAddresses: readonly string[]) {
  const ca = newCertificateAuthority({ organization: 'talos', nowMs: 0 });
  const subject = commonName === '' ? {} : { commonName };
  return parseCertificate(
    issueCertificate({ ca, subject, ipAddresses, usages: ['serverAuth'], notBeforeMs: 0, ttlMs: 1000 }).certPem,
  );
}

test('a node is known by its name and its addresses beyond itself', () => {
  const node = affiliateOf(issued('w1.example', ['127.0.0.1', '::1', 'fe80::1', '10.5.0.3', 'fd00::3']), '10.5.0.3');
  expect(node).toMatchObject({
    id: 'w1.example',
    expiresMs: 1000,
    spec: { hostname: 'w1.example', nodename: 'w1', machineType: 3 },
  });
  expect(node.spec.addresses.map(formatNetIp)).toEqual(['10.5.0.3', 'fd00::3']);
});

test('a node without names is known by the address it called from', () => {
  const node = affiliateOf(issued('', ['127.0.0.1']), '10.5.0.4');
  expect(node.id).toBe('10.5.0.4');
  expect(node.spec.addresses.map(formatNetIp)).toEqual(['10.5.0.4']);
});

test('what a node says to run is shown when it can be', () => {
  const says = (text: string): string => affiliateOf(issued('w1', []), '10.5.0.4', text).spec.operatingSystem;
  expect([says('Minos (v1.14.0)'), says('a\nb'), says('x'.repeat(81)), says('')]).toEqual(['Minos (v1.14.0)', '', '', '']);
});
