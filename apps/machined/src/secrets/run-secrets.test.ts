import { X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { clientIdentity, isIssuedBy, parseCertificate } from '@minos/pki';
import { apiCertificatesType, certSanType, formatNetIp, trustdCertificatesType } from '@minos/resource';
import { eventually, VirtualClock } from '@minos/testkit';
import { TestNode } from './testing/test-node.ts';

const SOON = { withinMs: 3000 };

test('a control plane issues what its API shows, what it forwards with, and what trustd shows', async () => {
  await using node = await new TestNode({ type: 'controlplane' }).start();
  const pem = await eventually(() => node.serverCertificate(), SOON);
  expect(parseCertificate(pem)).toMatchObject({
    subject: { commonName: 'minos-1', organizations: [] },
    dnsNames: ['minos-1'],
    ipAddresses: ['10.5.0.3', '127.0.0.1'],
    extendedKeyUsages: ['serverAuth'],
  });
  const api = node.state.peek(apiCertificatesType, 'api')?.spec;
  const client = new X509Certificate(api?.client?.crt ?? Buffer.alloc(0));
  expect(clientIdentity(client.raw)).toMatchObject({ commonName: 'minos-1', roles: ['os:impersonator'], isClientOnly: true });
  expect(client.subjectAltName).toBeUndefined();
  expect(api?.acceptedCAs.map((ca) => ca.crt.toString('utf8'))).toEqual([node.ca.certPem]);
  const trustd = await eventually(
    () => node.state.peek(trustdCertificatesType, 'trustd')?.spec.server?.crt.toString('utf8') ?? '',
    SOON,
  );
  expect(isIssuedBy(trustd, node.ca.certPem, Date.now() + 1000)).toBe(true);
});

test('a new address is in the certificate at once, and one that is gone stays in it', async () => {
  await using node = await new TestNode({ type: 'controlplane' }).start();
  await eventually(() => node.serverCertificate(), SOON);
  await node.setAddresses('10.9.0.1/24', 'fd00::1/64');
  await eventually(() => {
    expect(parseCertificate(node.serverCertificate()).ipAddresses).toEqual(['10.5.0.3', '10.9.0.1', '127.0.0.1', 'fd00::1']);
  }, SOON);
  expect(node.state.peek(certSanType, 'api')?.spec.iPs.map(formatNetIp)).toContain('10.5.0.3');
});

test('certificates of an earlier machined are used on, not issued again', async () => {
  const first = new TestNode({ type: 'controlplane' });
  await first.start();
  const pem = await eventually(() => first.serverCertificate(), SOON);
  await eventually(() => expect(first.kept.trustd).toBeDefined(), SOON);
  await first[Symbol.asyncDispose]();
  await using second = await new TestNode({ type: 'controlplane', ca: first.ca, kept: first.kept }).start();
  await eventually(() => expect(second.state.peek(certSanType, 'api')).toBeDefined(), SOON);
  await eventually(() => expect(second.serverCertificate()).toBe(pem), SOON);
  expect(second.messages()).not.toContain('certificates issued');
});

test('certificates are renewed at half of their life', async () => {
  const clock = new VirtualClock();
  await using node = await new TestNode({ type: 'controlplane', clock }).start();
  const first = await eventually(() => node.serverCertificate(), SOON);
  await clock.advance(11 * 3600 * 1000);
  expect(node.serverCertificate()).toBe(first);
  await clock.advance(3700 * 1000);
  await eventually(() => expect(node.serverCertificate()).not.toBe(first), SOON);
});

test('a clock that jumps past the end of a certificate gets another within a minute', async () => {
  const clock = new VirtualClock();
  await using node = await new TestNode({ type: 'controlplane', clock }).start();
  const first = await eventually(() => node.serverCertificate(), SOON);
  clock.jump(-48 * 3600 * 1000);
  await clock.advance(61_000);
  await eventually(() => expect(node.serverCertificate()).not.toBe(first), SOON);
});
