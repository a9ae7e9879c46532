import { X509Certificate } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import { clientIdentity, parseCertificate, splitBundle } from '@minos/pki';
import {
  emitSecretsBundle,
  generateConfigs,
  generateSecrets,
  parseClientConfig,
  parseSecretsBundle,
  type SecretsBundle,
} from '../index.ts';

let bundle: SecretsBundle;

beforeAll(async () => {
  bundle = await generateSecrets(Date.now());
});

test('the file of secrets has the keys of the compatible system, and reads back the same', () => {
  const text = emitSecretsBundle(bundle);
  expect(text.replace(/: [A-Za-z0-9+/=.]{20,}$/gm, ': …')).toBe(`cluster:
    id: …
    secret: …
secrets:
    bootstraptoken: …
    secretboxencryptionsecret: …
trustdinfo:
    token: …
certs:
    etcd:
        crt: …
        key: …
    k8s:
        crt: …
        key: …
    k8saggregator:
        crt: …
        key: …
    k8sserviceaccount:
        key: …
    os:
        crt: …
        key: …
`);
  expect(parseSecretsBundle(text)).toEqual({ ok: true, value: bundle });
});

test('tokens, authorities and keys are of the right kinds', () => {
  for (const token of [bundle.bootstrapToken, bundle.trustdToken]) expect(token).toMatch(/^[0-9a-z]{6}\.[0-9a-z]{16}$/);
  expect(parseCertificate(bundle.os.certPem)).toMatchObject({ keyKind: 'ed25519', subject: { organizations: ['talos'] } });
  expect(parseCertificate(bundle.etcd.certPem)).toMatchObject({ keyKind: 'p256', subject: { organizations: ['etcd'] } });
  expect(parseCertificate(bundle.aggregator.certPem)).toMatchObject({ keyKind: 'p256', subject: { organizations: [] } });
  expect(bundle.serviceAccountKeyPem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
  expect(bundle.kubernetes.keyPem).toMatch(/^-----BEGIN EC PRIVATE KEY-----/);
});

test('everything that is missing is named at once', () => {
  const result = parseSecretsBundle('cluster: {}\n');
  expect(result.ok || result.problems.map((p) => p.path)).toEqual([
    'cluster.id',
    'cluster.secret',
    'secrets.bootstraptoken',
    'secrets.secretboxencryptionsecret',
    'trustdinfo.token',
    'certs.etcd',
    'certs.k8s',
    'certs.k8saggregator',
    'certs.os',
    'certs.k8sserviceaccount.key',
  ]);
});

test('the administrator of a new cluster is one for a year, by the roles that were asked for', () => {
  const nowMs = Date.now();
  const { talosconfig, worker } = generateConfigs({
    clusterName: 'c',
    endpoint: 'https://10.5.0.2:6443',
    secrets: bundle,
    roles: ['os:reader'],
    nowMs,
  });
  const parsed = parseClientConfig(talosconfig);
  const pem = parsed.ok ? (parsed.value.contexts.get('c')?.certPem ?? '') : '';
  const identity = clientIdentity(new X509Certificate(splitBundle(pem)[0] ?? '').raw);
  expect(identity).toMatchObject({ roles: ['os:reader'], isClientOnly: true });
  expect(identity.notAfterMs - identity.notBeforeMs).toBe(365 * 24 * 3600 * 1000);
  expect(worker).not.toContain(Buffer.from(bundle.os.keyPem).toString('base64'));
  expect(worker).toContain('key: ""');
});
