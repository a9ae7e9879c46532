import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { isFault } from '@minos/base';
import { tempDir } from '@minos/testkit';
import {
  clientIdentity,
  isIssuedBy,
  isKeyOf,
  issueCertificate,
  type KeyKind,
  newCertificateAuthority,
  parseCertificate,
  selfSigned,
  spkiFingerprint,
  splitBundle,
} from './index.ts';

const NOW = Date.UTC(2026, 5, 1);
const DAY_MS = 24 * 3600 * 1000;
const run = promisify(execFile);

function serverOf(kind: KeyKind) {
  const ca = newCertificateAuthority({ organization: 'talos', nowMs: NOW, kind });
  const leaf = issueCertificate({
    ca,
    subject: { commonName: 'minos-cp-1.example' },
    dnsNames: ['minos-cp-1', 'minos-cp-1.example'],
    ipAddresses: ['10.5.0.2', 'fd00::5:2'],
    usages: ['serverAuth'],
    notBeforeMs: NOW,
    ttlMs: DAY_MS,
  });
  return { ca, leaf };
}

test.each(['ed25519', 'p256', 'rsa'] as const)('openssl verifies a %s chain strictly, by name and by address', async (kind) => {
  await using dir = await tempDir('pki');
  const { ca, leaf } = serverOf(kind);
  await writeFile(dir.file('ca.pem'), ca.certPem);
  await writeFile(dir.file('leaf.pem'), leaf.certPem);
  for (const check of [
    ['-verify_hostname', 'minos-cp-1.example'],
    ['-verify_ip', '10.5.0.2'],
    ['-verify_ip', 'fd00::5:2'],
  ]) {
    const base = [
      'verify',
      '-x509_strict',
      '-attime',
      `${NOW / 1000 + 60}`,
      '-purpose',
      'sslserver',
      '-CAfile',
      dir.file('ca.pem'),
    ];
    const { stdout } = await run('openssl', [...base, ...check, dir.file('leaf.pem')]);
    expect(stdout).toContain('OK');
  }
});

test('with two authorities of the same subject the key identifier picks the right one', async () => {
  await using dir = await tempDir('pki');
  const first = serverOf('ed25519');
  const second = serverOf('ed25519');
  const bundle = first.ca.certPem + second.ca.certPem;
  await writeFile(dir.file('ca.pem'), bundle);
  await writeFile(dir.file('leaf.pem'), second.leaf.certPem);
  const { stdout } = await run('openssl', [
    'verify',
    '-x509_strict',
    '-attime',
    `${NOW / 1000 + 60}`,
    '-CAfile',
    dir.file('ca.pem'),
    dir.file('leaf.pem'),
  ]);
  expect(stdout).toContain('OK');
  expect(splitBundle(bundle)).toEqual([first.ca.certPem, second.ca.certPem]);
  expect(isIssuedBy(second.leaf.certPem, bundle, NOW + 1000)).toBe(true);
  expect(isIssuedBy(second.leaf.certPem, first.ca.certPem, NOW + 1000)).toBe(false);
  expect(isIssuedBy(second.leaf.certPem, bundle, NOW + DAY_MS)).toBe(false);
});

test('keys are labelled as the compatible system labels them', () => {
  expect(serverOf('ed25519').leaf.keyPem).toMatch(
    /^-----BEGIN ED25519 PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+\n-----END ED25519 PRIVATE KEY-----\n$/,
  );
  expect(serverOf('p256').leaf.keyPem).toMatch(/^-----BEGIN EC PRIVATE KEY-----/);
  const der = Buffer.from(serverOf('ed25519').leaf.keyPem.replace(/-----[^-]+-----|\n/g, ''), 'base64');
  expect(der.length).toBe(48);
});

test('an authority says what the compatible one says', () => {
  const ca = newCertificateAuthority({ organization: 'talos', nowMs: NOW });
  const info = parseCertificate(ca.certPem);
  expect(info).toMatchObject({
    subject: { commonName: '', organizations: ['talos'] },
    issuer: { commonName: '', organizations: ['talos'] },
    isCa: true,
    notBeforeMs: NOW,
    notAfterMs: NOW + 3650 * DAY_MS,
    extendedKeyUsages: ['serverAuth', 'clientAuth'],
    keyKind: 'ed25519',
  });
  const text = new X509Certificate(ca.certPem);
  expect(text.serialNumber.length).toBeGreaterThan(24);
  expect(text.ca).toBe(true);
});

test('an admin certificate carries its roles and is for clients only', () => {
  const ca = newCertificateAuthority({ organization: 'talos', nowMs: NOW });
  const admin = issueCertificate({
    ca,
    subject: { organizations: ['os:reader', 'os:admin'] },
    usages: ['clientAuth'],
    notBeforeMs: NOW,
    ttlMs: 365 * DAY_MS,
  });
  expect(clientIdentity(new X509Certificate(admin.certPem).raw)).toEqual({
    commonName: '',
    roles: ['os:admin', 'os:reader'],
    isClientOnly: true,
    notBeforeMs: NOW,
    notAfterMs: NOW + 365 * DAY_MS,
  });
  const both = issueCertificate({ ca, subject: {}, usages: ['clientAuth', 'serverAuth'], notBeforeMs: NOW, ttlMs: DAY_MS });
  expect(clientIdentity(new X509Certificate(both.certPem).raw)).toMatchObject({ roles: [], isClientOnly: false });
});

test('names that a certificate was issued for are read back, and agree with what Node reads', () => {
  const { leaf } = serverOf('p256');
  const info = parseCertificate(leaf.certPem);
  expect(info.dnsNames).toEqual(['minos-cp-1', 'minos-cp-1.example']);
  expect(info.ipAddresses).toEqual(['10.5.0.2', 'fd00::5:2']);
  const node = new X509Certificate(leaf.certPem);
  expect(node.checkIP('fd00::5:2')).toBe('fd00::5:2');
  expect(node.checkHost('minos-cp-1')).toBe('minos-cp-1');
  expect(isKeyOf(leaf.keyPem, leaf.certPem)).toBe(true);
  expect(isKeyOf(serverOf('p256').leaf.keyPem, leaf.certPem)).toBe(false);
});

test('a self-signed certificate verifies itself and shows the fingerprint of its key', async () => {
  const own = selfSigned({
    subject: { commonName: 'minos-worker-1' },
    ipAddresses: ['10.5.0.3'],
    usages: ['serverAuth'],
    notBeforeMs: NOW,
    ttlMs: DAY_MS,
  });
  const certificate = new X509Certificate(own.certPem);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(own.fingerprint).toBe(spkiFingerprint(certificate.raw));
  expect(own.fingerprint).toMatch(/^[A-Za-z0-9+/]{43}=$/);
});

test('a key that does not belong to the certificate of the authority is refused without being shown', () => {
  const a = newCertificateAuthority({ organization: 'talos', nowMs: NOW });
  const b = newCertificateAuthority({ organization: 'talos', nowMs: NOW });
  const attempt = (): unknown =>
    issueCertificate({
      ca: { certPem: a.certPem, keyPem: b.keyPem },
      subject: {},
      usages: ['serverAuth'],
      notBeforeMs: NOW,
      ttlMs: 1,
    });
  expect(attempt).toThrow(/does not belong/);
});

test('whatever bytes come in, the answer is a certificate or a Fault', () => {
  const { leaf } = serverOf('ed25519');
  const der = new X509Certificate(leaf.certPem).raw;
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  for (let i = 0; i < 500; i++) {
    const broken = Buffer.from(der.subarray(0, i % 3 === 0 ? random(der.length) : der.length));
    for (let k = 0; k < 3; k++) if (broken.length > 0) broken[random(broken.length)] = random(256);
    try {
      parseCertificate(broken);
    } catch (e) {
      expect(isFault(e)).toBe(true);
    }
  }
});
