import { execFile } from 'node:child_process';
import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { isFault } from '@minos/base';
import { tempDir } from '@minos/testkit';
import {
  isKeyOf,
  newCertificateAuthority,
  newRequest,
  normalizePrivateKeyPem,
  parseCertificate,
  parseRequest,
  signRequest,
} from './index.ts';

const NOW = Date.UTC(2026, 5, 1);
const DAY_MS = 24 * 3600 * 1000;
const ca = newCertificateAuthority({ organization: 'talos', nowMs: NOW });
const run = promisify(execFile);

const wanted = { subject: { commonName: 'minos-worker-1' }, dnsNames: ['minos-worker-1'], ipAddresses: ['10.5.0.3', '::1'] };

test.each(['ed25519', 'p256', 'rsa'] as const)('openssl accepts a %s request', async (keyKind) => {
  await using dir = await tempDir('csr');
  const { csrPem } = newRequest({ ...wanted, keyKind });
  await writeFile(dir.file('csr.pem'), csrPem);
  const { stdout, stderr } = await run('openssl', ['req', '-verify', '-noout', '-text', '-in', dir.file('csr.pem')]);
  expect(stdout + stderr).toMatch(/verify OK/);
  expect(stdout).toContain('DNS:minos-worker-1, IP Address:10.5.0.3, IP Address:0:0:0:0:0:0:0:1');
});

test('a signed request yields a server certificate for the names asked for, under the requester’s key', async () => {
  await using dir = await tempDir('csr');
  const request = newRequest({ ...wanted, keyKind: 'ed25519' });
  const { certPem } = signRequest({ ca, csrPem: request.csrPem, notBeforeMs: NOW, ttlMs: DAY_MS });
  expect(parseCertificate(certPem)).toMatchObject({
    subject: { commonName: 'minos-worker-1', organizations: [] },
    dnsNames: ['minos-worker-1'],
    ipAddresses: ['10.5.0.3', '::1'],
    extendedKeyUsages: ['serverAuth'],
    isCa: false,
    notBeforeMs: NOW,
    notAfterMs: NOW + DAY_MS,
  });
  expect(isKeyOf(request.keyPem, certPem)).toBe(true);
  await writeFile(dir.file('ca.pem'), ca.certPem);
  await writeFile(dir.file('leaf.pem'), certPem);
  const args = ['verify', '-x509_strict', '-attime', `${NOW / 1000 + 60}`, '-CAfile', dir.file('ca.pem'), dir.file('leaf.pem')];
  expect((await run('openssl', args)).stdout).toContain('OK');
});

test('the organizations that a request asks for are dropped, all else of its subject stays', () => {
  const { csrPem } = newRequest({
    ...wanted,
    subject: { commonName: 'w', organizations: ['os:admin', 'x'] },
    keyKind: 'ed25519',
  });
  expect(parseRequest(csrPem).subject).toEqual({ commonName: 'w', organizations: ['os:admin', 'x'] });
  const { certPem } = signRequest({ ca, csrPem, notBeforeMs: NOW, ttlMs: DAY_MS });
  expect(new X509Certificate(certPem).subject).toBe('CN=w');
});

test('a request from openssl loses its e-mail and URI names, its constraints and its usages', async () => {
  await using dir = await tempDir('csr');
  const p256 = newCertificateAuthority({ organization: 'talos', nowMs: NOW, kind: 'p256' });
  await run('openssl', [
    'req',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    dir.file('key.pem'),
    '-out',
    dir.file('csr.pem'),
    '-subj',
    '/C=DE/O=os:admin/OU=kept/CN=w',
    '-addext',
    'subjectAltName=DNS:w,IP:10.5.0.3,email:a@b.example,URI:https://b.example',
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'extendedKeyUsage=clientAuth',
  ]);
  const { certPem } = signRequest({
    ca: p256,
    csrPem: await readFile(dir.file('csr.pem'), 'utf8'),
    notBeforeMs: NOW,
    ttlMs: DAY_MS,
  });
  const certificate = new X509Certificate(certPem);
  expect(certificate.subject).toBe('C=DE\nOU=kept\nCN=w');
  expect(certificate.subjectAltName).toBe('DNS:w, IP Address:10.5.0.3');
  expect(certificate.ca).toBe(false);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
});

test('a request whose signature is not by its own key is not signed', () => {
  const { csrPem } = newRequest({ ...wanted, keyKind: 'ed25519' });
  const other = newRequest({ ...wanted, keyKind: 'ed25519' });
  const der = Buffer.from(csrPem.replace(/-----[^-]+-----|\n/g, ''), 'base64');
  const forged = Buffer.from(der);
  sign(null, Buffer.from('x'), createPrivateKey(normalizePrivateKeyPem(other.keyPem))).copy(forged, der.length - 64);
  const forgedPem = `-----BEGIN CERTIFICATE REQUEST-----\n${forged.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
  expect(() => signRequest({ ca, csrPem: forgedPem, notBeforeMs: NOW, ttlMs: 1 })).toThrow(/failed to sign CSR: its signature/);
});

test('a key of another kind than the authority’s is refused', () => {
  const { csrPem } = newRequest({ ...wanted, keyKind: 'p256' });
  expect(() => signRequest({ ca, csrPem, notBeforeMs: NOW, ttlMs: 1 })).toThrow(/another kind/);
});

test('anything that is not a request is refused as invalid', () => {
  for (const csrPem of [
    '',
    'hello',
    ca.certPem,
    '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n',
  ]) {
    try {
      signRequest({ ca, csrPem, notBeforeMs: NOW, ttlMs: 1 });
      throw new TypeError('was signed');
    } catch (e) {
      expect(isFault(e, 'invalid')).toBe(true);
    }
  }
});
