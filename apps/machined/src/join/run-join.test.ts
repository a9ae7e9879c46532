import { X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { isIssuedBy, newCertificateAuthority, parseCertificate, spkiFingerprint } from '@minos/pki';
import { apiCertificatesType, diagnosticType } from '@minos/resource';
import { eventually } from '@minos/testkit';
import { TestNode, TOKEN } from '../secrets/testing/test-node.ts';
import { testTrustd } from './testing/test-trustd.ts';

const SOON = { withinMs: 5000 };

function isJoined(node: TestNode): void {
  expect(isIssuedBy(node.serverCertificate(), node.ca.certPem, Date.now() + 1000)).toBe(true);
}

test('a worker with the token gets the certificate of its API from trustd, and nothing to forward with', async () => {
  const ca = newCertificateAuthority({ organization: 'talos', nowMs: Date.now() });
  await using trustd = await testTrustd(ca, TOKEN);
  await using node = await new TestNode({ type: 'worker', ca, trustdPort: trustd.port }).start();
  await eventually(() => isJoined(node), SOON);
  expect(parseCertificate(node.serverCertificate())).toMatchObject({
    subject: { commonName: 'minos-1', organizations: [] },
    ipAddresses: ['10.5.0.3', '127.0.0.1'],
  });
  const api = node.state.peek(apiCertificatesType, 'api')?.spec;
  expect(api?.client).toBeUndefined();
  expect(api?.acceptedCAs.map((one) => one.crt.toString('utf8'))).toEqual([ca.certPem]);
  expect(trustd.tokens).toEqual([TOKEN]);
  expect(node.messages()).not.toContain('the API shows a self-signed certificate until this node has joined');
});

test('with a wrong token it shows a self-signed certificate, says why once, and joins when the token is corrected', async () => {
  const ca = newCertificateAuthority({ organization: 'talos', nowMs: Date.now() });
  await using trustd = await testTrustd(ca, TOKEN);
  await using node = await new TestNode({
    type: 'worker',
    ca,
    token: 'wrong0.0000000000000000',
    trustdPort: trustd.port,
  }).start();
  const own = await eventually(() => node.serverCertificate(), SOON);
  const certificate = new X509Certificate(own);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  const shown = node.log.lines.find((line) => line.message.startsWith('the API shows a self-signed'));
  expect(shown?.fields['fingerprint']).toBe(spkiFingerprint(own));
  await eventually(() => expect(trustd.tokens.length).toBeGreaterThanOrEqual(2), SOON);
  const failures = node.log.lines.filter((line) => line.message === 'certificate not obtained; trying again');
  expect(failures.map((line) => line.fields['reason'])).toEqual(['unauthenticated: invalid token']);
  expect(node.state.peek(diagnosticType, 'join')?.spec.message).toBe('this node cannot join: unauthenticated: invalid token');
  await node.setToken(TOKEN);
  await eventually(() => isJoined(node), { withinMs: 2000 });
  await eventually(() => expect(node.state.peek(diagnosticType, 'join')).toBeUndefined(), SOON);
});

test('a trustd that is not known by an accepted authority gets no token', async () => {
  const ca = newCertificateAuthority({ organization: 'talos', nowMs: Date.now() });
  const other = newCertificateAuthority({ organization: 'talos', nowMs: Date.now() });
  await using trustd = await testTrustd(other, TOKEN);
  await using node = await new TestNode({ type: 'worker', ca, trustdPort: trustd.port }).start();
  await eventually(() => expect(node.messages()).toContain('certificate not obtained; trying again'), SOON);
  expect(trustd.tokens).toEqual([]);
});

test('a worker that starts before trustd joins when trustd is there', async () => {
  const ca = newCertificateAuthority({ organization: 'talos', nowMs: Date.now() });
  const placeholder = await testTrustd(ca, TOKEN);
  const { port } = placeholder;
  await placeholder[Symbol.asyncDispose]();
  await using node = await new TestNode({ type: 'worker', ca, trustdPort: port }).start();
  await eventually(() => expect(node.messages()).toContain('certificate not obtained; trying again'), SOON);
  await using _trustd = await testTrustd(ca, TOKEN, port);
  await eventually(() => isJoined(node), { withinMs: 6000 });
}, 15_000);

test('a certificate that an earlier machined obtained is used on without asking again', async () => {
  const ca = newCertificateAuthority({ organization: 'talos', nowMs: Date.now() });
  await using trustd = await testTrustd(ca, TOKEN);
  const first = await new TestNode({ type: 'worker', ca, trustdPort: trustd.port }).start();
  await eventually(() => isJoined(first), SOON);
  await first[Symbol.asyncDispose]();
  await using second = await new TestNode({ type: 'worker', ca, trustdPort: trustd.port, kept: first.kept }).start();
  await eventually(() => expect(second.serverCertificate()).toBe(first.serverCertificate()), SOON);
  await second.setToken('other0.0000000000000000');
  await eventually(() => isJoined(second), SOON);
  expect(trustd.tokens).toEqual([TOKEN]);
});

test('a node that becomes a control plane does not go on with the certificate of a worker', async () => {
  const ca = newCertificateAuthority({ organization: 'talos', nowMs: Date.now() });
  await using trustd = await testTrustd(ca, TOKEN);
  await using node = await new TestNode({ type: 'worker', ca, trustdPort: trustd.port }).start();
  await eventually(() => isJoined(node), SOON);
  await node.setType('controlplane');
  await eventually(() => expect(node.state.peek(apiCertificatesType, 'api')).toBeUndefined(), SOON);
});

test('a certificate of an authority that does not issue any more is replaced, and one that is not accepted any more forgotten', async () => {
  const now = Date.now();
  const [old, next] = [
    newCertificateAuthority({ organization: 'talos', nowMs: now }),
    newCertificateAuthority({ organization: 'talos', nowMs: now }),
  ];
  const before = await testTrustd(old, TOKEN);
  const { port } = before;
  await using node = await new TestNode({ type: 'worker', ca: old, trustdPort: port }).start();
  await eventually(() => isJoined(node), SOON);
  await before[Symbol.asyncDispose]();
  await using _after = await testTrustd(next, TOKEN, port);
  await node.setAuthorities(old, next);
  const isOfNext = (): void => expect(isIssuedBy(node.serverCertificate(), next.certPem, Date.now() + 1000)).toBe(true);
  await eventually(isOfNext, SOON);
  await node.setAuthorities(next);
  await eventually(() => {
    const accepted = node.state.peek(apiCertificatesType, 'api')?.spec.acceptedCAs.map((one) => one.crt.toString('utf8'));
    expect(accepted).toEqual([next.certPem]);
  }, SOON);
  isOfNext();
}, 20_000);
