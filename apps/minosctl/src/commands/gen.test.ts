import { X509Certificate } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseMachineConfig, parseSecretsBundle, type SecretsBundle } from '@minos/config';
import { clientIdentity, isIssuedBy, isKeyOf } from '@minos/pki';
import { type TempDir, tempDir } from '@minos/testkit';
import { runCli } from '../cli/run-cli.ts';
import { COMMAND_TABLE } from '../command-table/command-table.ts';
import { testTerminal } from '../testing/test-terminal.ts';

let dir: TempDir;

beforeAll(async () => {
  dir = await tempDir('gen');
  await run('gen', 'secrets');
}, 60_000);
afterAll(async () => {
  await dir[Symbol.asyncDispose]();
});

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...args: readonly string[]): Promise<Result> {
  const terminal = testTerminal(dir.path);
  return { code: await runCli(COMMAND_TABLE, args, terminal), stdout: terminal.stdout(), stderr: terminal.stderr() };
}

const read = (name: string): Promise<string> => readFile(join(dir.path, name), 'utf8');
const config = (...args: readonly string[]): Promise<Result> =>
  run('gen', 'config', 'lab', 'https://10.5.0.2:6443', '--with-secrets', 'secrets.yaml', ...args);

async function secretsIn(name: string): Promise<SecretsBundle> {
  const bundle = parseSecretsBundle(await read(name));
  if (!bundle.ok) throw new Error(JSON.stringify(bundle.problems));
  return bundle.value;
}

test('one type goes to the standard output or to a file, several only to a folder', async () => {
  const worker = await config('-t', 'worker', '-o', '-');
  expect(worker).toMatchObject({ code: 0, stderr: '' });
  expect(parseMachineConfig(worker.stdout)).toMatchObject({ ok: true, value: { machineType: 'worker' } });
  expect(await config('-t', 'talosconfig', '-o', 'client')).toMatchObject({ code: 0, stdout: 'Created client\n' });
  expect(await config('-o', '-')).toMatchObject({ code: 1, stderr: expect.stringContaining('--output-types') });
  expect(await config('-t', 'wish')).toMatchObject({ code: 1, stderr: expect.stringContaining('not "wish"') });
});

test('what is asked for stands in the configuration', async () => {
  const flags = [
    ...['--talos-version', 'v1.13', '--kubernetes-version', 'v1.35.1', '--dns-domain', 'lab.local', '--install-disk', '/dev/vda'],
    ...[
      '--install-image',
      'example/i:v1',
      '--additional-sans',
      'a.example',
      '--registry-mirror',
      'docker.io=http://10.5.0.1:5000',
    ],
    ...['--with-kubespan', '--with-cluster-discovery=false', '--with-docs=false', '--with-examples=false'],
  ];
  const { stdout } = await config('-t', 'controlplane', '-o', '-', ...flags);
  expect(stdout).not.toContain('#');
  const parsed = parseMachineConfig(stdout);
  const documents = parsed.ok ? parsed.value.documents : [];
  expect(documents.map((d) => d.kind)).toEqual(['v1alpha1', 'RegistryMirrorConfig', 'HostnameConfig', 'KubeSpanConfig']);
  expect(documents[0]?.value).toMatchObject({
    machine: { install: { disk: '/dev/vda', image: 'example/i:v1' }, certSANs: ['a.example'] },
    cluster: {
      network: { dnsDomain: 'lab.local' },
      discovery: { enabled: false },
      apiServer: { image: 'registry.k8s.io/kube-apiserver:v1.35.1' },
    },
  });
});

test.each([
  [['--talos-version', 'v3'], '--talos-version'],
  [['--kubernetes-version', 'latest'], '--kubernetes-version'],
  [['--registry-mirror', 'docker.io'], '--registry-mirror'],
] as const)('%j is refused with what would be right', async (flags, name) => {
  expect(await config('-t', 'worker', '-o', '-', ...flags)).toMatchObject({ code: 1, stderr: expect.stringContaining(name) });
});

test('secrets are taken from a configuration, and from the files of Kubernetes', async () => {
  const secrets = await secretsIn('secrets.yaml');
  await config('-t', 'controlplane', '-o', 'cp.yaml');
  expect(await run('gen', 'secrets', '--from-controlplane-config', 'cp.yaml', '-o', 'taken.yaml')).toMatchObject({ code: 0 });
  expect(await secretsIn('taken.yaml')).toEqual(secrets);
  expect((await stat(join(dir.path, 'taken.yaml'))).mode & 0o777).toBe(0o600);
  await run('gen', 'secrets', '-o', 'pki/etcd/none');
  const files = { ca: secrets.kubernetes, 'front-proxy-ca': secrets.aggregator, 'etcd/ca': secrets.etcd };
  for (const [name, { certPem, keyPem }] of Object.entries(files)) {
    await writeFile(join(dir.path, `pki/${name}.crt`), certPem);
    await writeFile(join(dir.path, `pki/${name}.key`), keyPem);
  }
  await writeFile(join(dir.path, 'pki/sa.key'), secrets.serviceAccountKeyPem);
  const token = ['--kubernetes-bootstrap-token', 'abcdef.0123456789abcdef'];
  await run('gen', 'secrets', '--from-kubernetes-pki', 'pki', ...token, '-o', 'kube.yaml');
  const { kubernetes, aggregator, etcd, serviceAccountKeyPem } = secrets;
  expect(await secretsIn('kube.yaml')).toMatchObject({
    kubernetes,
    aggregator,
    etcd,
    serviceAccountKeyPem,
    bootstrapToken: token[1],
  });
  expect(await run('gen', 'secrets', '--from-kubernetes-pki', 'nowhere', '-o', '-')).toMatchObject({ code: 1 });
}, 60_000);

test('an authority, a key, a request and the certificate for it fit together', async () => {
  expect(await run('gen', 'ca', '--organization', 'own', '--hours', '48')).toMatchObject({ code: 0 });
  expect(await run('gen', 'key', '--name', 'op')).toMatchObject({ code: 0 });
  expect(await run('gen', 'csr', '--key', 'op.key', '--roles', 'os:reader', '--ip', '10.5.0.9')).toMatchObject({ code: 0 });
  expect(await run('gen', 'crt', '--ca', 'own', '--csr', 'op.csr', '--name', 'op', '--hours', '5')).toMatchObject({ code: 0 });
  const [ca, crt, key] = await Promise.all(['own.crt', 'op.crt', 'op.key'].map(read));
  expect(isIssuedBy(crt ?? '', ca ?? '', Date.now())).toBe(true);
  expect(isKeyOf(key ?? '', crt ?? '')).toBe(true);
  const identity = clientIdentity(new X509Certificate(crt ?? '').raw);
  expect(identity).toMatchObject({ roles: ['os:reader'], isClientOnly: true });
  expect(identity.notAfterMs - identity.notBeforeMs).toBe(5 * 3_600_000);
  expect(await read('own.sha256')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
  expect(await run('gen', 'key', '--name', 'op')).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
  expect(await run('gen', 'keypair', '--organization', 'probe', '--ip', '10.5.0.9')).toMatchObject({ code: 0 });
  expect(new X509Certificate(await read('probe.crt')).subjectAltName).toBe('IP Address:10.5.0.9');
});

test('a configuration in a file is patched and validated without a node', async () => {
  await config('-t', 'worker', '-o', 'w.yaml');
  const patch = ['-p', 'machine: { certSANs: [patched.example] }'];
  const printed = await run('machineconfig', 'patch', 'w.yaml', ...patch);
  expect(printed.stdout).toContain('patched.example');
  expect(await run('mc', 'patch', 'w.yaml', ...patch, '-o', 'patched.yaml')).toMatchObject({ code: 0 });
  expect(await read('patched.yaml')).toBe(printed.stdout);
  for (const mode of ['metal', 'cloud', 'container']) {
    const said = { code: 0, stdout: `patched.yaml is valid for ${mode} mode\n` };
    expect(await run('validate', '-c', 'patched.yaml', '-m', mode)).toMatchObject(said);
  }
  expect(await run('validate', '-c', 'w.yaml', '-m', 'moon')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('metal-agent'),
  });
});

test('warnings are told, and are errors when it is strict', async () => {
  await config('-t', 'worker', '-o', 'bond.yaml', '-p', 'apiVersion: v1alpha1\nkind: BlackholeRouteConfig\nname: 192.0.2.0/24\n');
  const lax = await run('validate', '-c', 'bond.yaml', '-m', 'metal');
  expect(lax).toMatchObject({ code: 0, stderr: expect.stringMatching(/^warning: BlackholeRouteConfig/) });
  const strict = await run('validate', '-c', 'bond.yaml', '-m', 'metal', '--strict');
  expect(strict).toMatchObject({ code: 1, stderr: expect.stringContaining('warning: BlackholeRouteConfig') });
});
