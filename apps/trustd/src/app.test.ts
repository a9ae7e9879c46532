import type { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isIssuedBy, isKeyOf, newRequest, parseCertificate } from '@minos/pki';
import { affiliateType, formatNetIp } from '@minos/resource';
import { eventually } from '@minos/testkit';
import { type RunningTrustd, runningTrustd, TOKEN } from './testing/trustd-fixture.ts';

let trustd: RunningTrustd;

beforeAll(async () => {
  trustd = await runningTrustd();
});

afterAll(async () => {
  await trustd[Symbol.asyncDispose]();
});

function request(commonName: string, ipAddresses: readonly string[] = ['127.0.0.1', '10.5.0.3']) {
  const subject = { commonName, organizations: ['os:admin'] };
  return newRequest({ subject, dnsNames: [commonName], ipAddresses, keyKind: 'ed25519' });
}

function ask(csrPem: string, token: string | undefined = TOKEN) {
  const metadata = token === '' ? {} : { token };
  return trustd.client().Certificate({ csr: Buffer.from(csrPem) }, { metadata, timeoutMs: 5000 });
}

/** The certificate that a new connection is shown. */
function shownCertificate(options: { readonly maxVersion?: 'TLSv1.1' | 'TLSv1.2' } = {}): Promise<X509Certificate | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1',
      port: trustd.port,
      ca: trustd.ca.certPem,
      ALPNProtocols: ['h2'],
      minVersion: 'TLSv1',
      ...options,
    });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(socket.getPeerX509Certificate());
      socket.destroy();
    });
  });
}

test('a node with the token gets a server certificate under its own key, without organizations, for a day', async () => {
  const { csrPem, keyPem } = request('minos-worker-1');
  const { crt, ca } = await ask(csrPem);
  const certPem = crt.toString('utf8');
  expect(isKeyOf(keyPem, certPem)).toBe(true);
  expect(isIssuedBy(certPem, ca.toString('utf8'), Date.now() + 1000)).toBe(true);
  const info = parseCertificate(certPem);
  expect(info).toMatchObject({
    subject: { commonName: 'minos-worker-1', organizations: [] },
    dnsNames: ['minos-worker-1'],
    ipAddresses: ['127.0.0.1', '10.5.0.3'],
    extendedKeyUsages: ['serverAuth'],
    isCa: false,
  });
  expect(info.notAfterMs - info.notBeforeMs).toBe(24 * 3600 * 1000);
  expect(ca.toString('utf8')).toBe(trustd.ca.certPem);
});

test('a wrong token and none are told apart, refused and logged with the caller', async () => {
  const { csrPem } = request('minos-worker-9');
  await expect(ask(csrPem, 'abcdef.0000000000000000')).rejects.toMatchObject({
    kind: 'unauthenticated',
    message: 'invalid token',
  });
  await expect(ask(csrPem, '')).rejects.toMatchObject({ kind: 'unauthenticated', message: 'missing token' });
  const refusals = trustd.log.lines.filter((line) => line.message === 'certificate refused').map((line) => line.fields);
  expect(refusals).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ reason: 'invalid token', peer: expect.stringContaining('127.0.0.1') }),
      expect.objectContaining({ reason: 'missing token' }),
    ]),
  );
  expect(JSON.stringify(trustd.log.lines)).not.toContain('0000000000000000');
  expect(await trustd.state.get(affiliateType, 'minos-worker-9')).toBeUndefined();
});

test('what is not a request is refused as invalid', async () => {
  await expect(ask('no request')).rejects.toMatchObject({ kind: 'invalid' });
});

test('a changed token counts from the next call on', async () => {
  const { csrPem } = request('minos-worker-2');
  await trustd.setToken('zzzzzz.0123456789abcdef');
  await eventually(() => expect(ask(csrPem)).rejects.toMatchObject({ message: 'invalid token' }), { withinMs: 3000 });
  await trustd.setToken(TOKEN);
  await eventually(() => ask(csrPem), { withinMs: 5000 });
});

test('the membership has each node once, with its addresses and the end of its certificate', async () => {
  await ask(request('minos-worker-3').csrPem);
  await ask(request('minos-worker-3').csrPem);
  const found = await eventually(
    async () => {
      const resource = await trustd.state.get(affiliateType, 'minos-worker-3');
      if (resource === undefined) throw new TypeError('not published yet');
      return resource;
    },
    { withinMs: 3000 },
  );
  expect(found.spec.addresses.map(formatNetIp)).toEqual(['10.5.0.3']);
  expect(found.metadata.owner).toBe('trustd');
  const expires = Date.parse(found.metadata.annotations['minos.dev/expires'] ?? '');
  expect(expires).toBeGreaterThan(Date.now() + 23 * 3600 * 1000);
});

test('a new certificate is shown to new connections while old ones go on', async () => {
  const old = trustd.client();
  const call = (name: string) => old.Certificate({ csr: Buffer.from(request(name).csrPem) }, { metadata: { token: TOKEN } });
  await call('minos-worker-4');
  await trustd.renew('minos-cp-1-renewed');
  await eventually(async () => expect((await shownCertificate())?.subject).toBe('CN=minos-cp-1-renewed'), { withinMs: 3000 });
  await call('minos-worker-4');
});

test('the loss of the state changes nothing, and what was published comes back with it', async () => {
  await ask(request('minos-worker-5').csrPem);
  await trustd.stopState();
  await ask(request('minos-worker-6').csrPem);
  await trustd.startState();
  await eventually(
    async () => {
      const ids = (await trustd.state.list(affiliateType)).map((r) => r.metadata.id);
      expect(ids).toEqual(expect.arrayContaining(['minos-worker-5', 'minos-worker-6']));
    },
    { withinMs: 10_000 },
  );
  await ask(request('minos-worker-5').csrPem);
}, 30_000);

test('TLS older than 1.2 is refused', async () => {
  await expect(shownCertificate({ maxVersion: 'TLSv1.1' })).rejects.toThrow();
  expect((await shownCertificate({ maxVersion: 'TLSv1.2' }))?.subject).toContain('CN=');
});
