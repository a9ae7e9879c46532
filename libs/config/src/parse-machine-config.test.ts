import { beforeAll, expect, test } from '@jest/globals';
import { formatProblems } from '@minos/base';
import { type GeneratedConfigs, parseMachineConfig, patchConfig, type SecretsBundle } from './index.ts';
import { NEWER_DOCUMENTS } from './testing/newer-documents.ts';
import { olderConfig } from './testing/older-config.ts';
import { testCluster } from './testing/test-cluster.ts';

let cluster: GeneratedConfigs & { readonly secrets: SecretsBundle };

beforeAll(async () => {
  cluster = await testCluster();
});

function problemsOf(text: string): readonly string[] {
  const result = parseMachineConfig(text);
  return result.ok ? [] : formatProblems(result.problems).split('\n');
}

/** The worker's configuration with other text in place of some. */
function worker(from: string | RegExp, to: string): string {
  return cluster.worker.replace(from, to);
}

test('a configuration of the 1.13 line is understood', () => {
  const text = olderConfig();
  const result = parseMachineConfig(text);
  expect(problemsOf(text)).toEqual([]);
  expect(result).toMatchObject({
    ok: true,
    value: {
      machineType: 'controlplane',
      certSANs: ['minos.example', '10.5.0.2'],
      cluster: { name: 'minos', endpoint: 'https://10.5.0.2:6443' },
      network: {
        hostname: 'minos-cp-1.example',
        searchDomains: ['example'],
        nameServers: [{ address: '10.5.0.1' }, { address: 'fd00::1' }],
        staticHosts: [{ address: '10.5.0.9', names: ['registry', 'registry.example'] }],
        links: [
          { name: 'eth0', mtu: 1400, addresses: [{ prefix: '10.5.0.2/24' }, { prefix: 'fd00::2/128' }] },
          { name: 'eth0.7', make: { kind: 'vlan', parent: 'eth0', vlanId: 7 } },
        ],
      },
      text,
    },
  });
});

test('a configuration of the 1.14 line is understood, with every document that it has', () => {
  expect(problemsOf(cluster.controlplane + NEWER_DOCUMENTS)).toEqual([]);
});

test('what we generate for a control plane and a worker has no problems and no warnings', () => {
  for (const text of [cluster.controlplane, cluster.worker])
    expect(parseMachineConfig(text)).toMatchObject({ ok: true, value: { warnings: [] } });
});

test('what has no effect yet is accepted with a warning that says where', () => {
  const result = parseMachineConfig(`${cluster.worker}---\napiVersion: v1alpha1\nkind: DHCPv4Config\nname: eth0\n`);
  expect(result.ok && result.value.warnings.map((w) => w.path)).toEqual(['DHCPv4Config(eth0)']);
});

test('every problem is in one answer, each with its path, line and column', () => {
  const text = worker(/features:\n {8}diskQuotaSupport: true/, 'features: [1]\n    colour: blue').concat(`---
apiVersion: v1alpha1
kind: LinkConfig
name: eth0
mtu: 20
up: maybe
addresses:
    - address: 10.5.0.300/24
    - address: 10.5.0.3/24
    - address: 10.5.0.3/24
routes:
    - destination: 0.0.0.0/0
      gateway: 10.5.0.1
      hops: 3
`);
  const paths = (parseMachineConfig(text) as { problems: readonly { path: string; found?: string }[] }).problems;
  expect(paths.map((p) => p.path).sort()).toEqual([
    'LinkConfig(eth0).addresses[0].address',
    'LinkConfig(eth0).addresses[2]',
    'LinkConfig(eth0).mtu',
    'LinkConfig(eth0).routes[0].destination',
    'LinkConfig(eth0).routes[0].hops',
    'LinkConfig(eth0).up',
    'machine.colour',
    'machine.features',
  ]);
  for (const { found } of paths) expect(found).toMatch(/ at line \d+:\d+$/);
});

test('a position points at the line of the key', () => {
  const text = cluster.worker.replace('debug: false', 'debug: false\nwrong: 1');
  expect(problemsOf(text)).toEqual(['wrong: expected a known key, found an unknown one at line 3:1']);
});

test.each<[string, () => string, RegExp]>([
  [
    'a control plane without the key of its authority',
    () => cluster.controlplane.replace(/(ca:\n {8}crt: .*\n {8}key: ).*/, '$1""'),
    /machine\.ca\.key: expected the key of the issuing authority/,
  ],
  [
    'a worker with a key',
    () => worker(/key: ""/, `key: ${Buffer.from(cluster.secrets.os.keyPem).toString('base64')}`),
    /machine\.ca\.key: expected no key/,
  ],
  [
    'a key that is not that of the certificate',
    () =>
      cluster.controlplane.replace(
        /(ca:\n {8}crt: .*\n {8}key: ).*/,
        `$1${Buffer.from(cluster.secrets.etcd.keyPem).toString('base64')}`,
      ),
    /machine\.ca\.key: expected the private key of the certificate/,
  ],
  ['no token', () => worker(/token: .*/, 'token: ""'), /machine\.token: expected the token/],
  ['no such type', () => worker('type: worker', 'type: boss'), /machine\.type: expected controlplane or worker, found "boss"/],
  [
    'two documents of a kind',
    () => `${cluster.worker}---\napiVersion: v1alpha1\nkind: HostnameConfig\nauto: "off"\nhostname: a\n`,
    /HostnameConfig: expected only one/,
  ],
  [
    'an unknown kind',
    () => `${cluster.worker}---\napiVersion: v1alpha1\nkind: NopeConfig\n`,
    /kind: expected a known kind of document, found "NopeConfig"/,
  ],
  ['no apiVersion', () => `${cluster.worker}---\nkind: LinkConfig\nname: eth0\n`, /apiVersion: expected v1alpha1/],
  [
    'a document of a control plane on a worker',
    () => `${cluster.worker}---\napiVersion: v1alpha1\nkind: KubeSchedulerConfig\nimage: x\nconfig: {}\n`,
    /KubeSchedulerConfig: expected no such document on a worker/,
  ],
  [
    'no first document',
    () => 'apiVersion: v1alpha1\nkind: HostnameConfig\nauto: stable\n',
    /machine: expected the document with machine and cluster/,
  ],
  ['nothing', () => '', /expected at least one configuration document/],
  ['a list', () => '- 1\n', /expected a mapping/],
  ['bad YAML', () => 'machine: [\n', /expected well-formed YAML/],
  ['a key twice', () => worker('debug: false', 'debug: false\ndebug: true'), /duplicate key at line 3:1/],
  [
    'a name without an end',
    () => worker('auto: stable', 'auto: "off"\nhostname: -bad-'),
    /HostnameConfig\.hostname: expected a host name/,
  ],
  [
    'a stable name and a given one',
    () => worker('auto: stable', 'auto: stable\nhostname: a'),
    /HostnameConfig\.auto: expected off/,
  ],
])('%s is a problem', (_name, text, wanted) => {
  expect(problemsOf(text()).join('\n')).toMatch(wanted);
});

test('no problem shows a secret, wherever in the text it is damaged', () => {
  const secrets = [cluster.secrets.trustdToken, cluster.secrets.clusterSecret, cluster.secrets.bootstrapToken];
  const key = Buffer.from(cluster.secrets.os.keyPem).toString('base64');
  let seed = 11;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  for (let i = 0; i < 120; i++) {
    const at = random(cluster.controlplane.length);
    const junk = ['\n', '  ', ':', '- ', '{', '"', '&a ', '*a', '!!x ', '%', '\t', '#'][random(12)] ?? '';
    const text = cluster.controlplane.slice(0, at) + junk + cluster.controlplane.slice(at + random(4));
    const said = problemsOf(text).join('\n');
    for (const secret of [...secrets, key.slice(0, 60)]) expect(said).not.toContain(secret);
  }
});

test('a small text that unfolds without end is refused quickly', () => {
  const lines = ['machine: {}', 'cluster: {}', 'debug: false', 'x0: &x0 [1, 1]'];
  for (let i = 1; i < 40; i++) lines.push(`x${i}: &x${i} [*x${i - 1}, *x${i - 1}]`);
  const text = `${lines.join('\n')}\n`
    .replace('x39: &x39', 'machine2: &x39')
    .replace('machine: {}', 'machine: { sysctls: {}, baseRuntimeSpecOverrides: *x39 }');
  expect(problemsOf(text).length).toBeGreaterThan(0);
  const inOrder = `${lines.slice(3).join('\n')}\nmachine: { baseRuntimeSpecOverrides: { a: *x39 } }\ncluster: {}\n`;
  expect(problemsOf(inOrder).join('\n')).toMatch(/expected a smaller document/);
});

test('a whole configuration is parsed within a few milliseconds once warm', () => {
  const text = cluster.controlplane + NEWER_DOCUMENTS;
  const times = Array.from({ length: 8 }, () => {
    const from = performance.now();
    parseMachineConfig(text);
    return performance.now() - from;
  });
  expect(Math.min(...times)).toBeLessThan(60);
});

test('a patched configuration is a configuration', () => {
  const patched = patchConfig(cluster.worker, [
    'apiVersion: v1alpha1\nkind: HostnameConfig\nauto: "off"\nhostname: minos-worker-1\n',
  ]);
  expect(patched.ok && problemsOf(patched.value)).toEqual([]);
});

test('what looks like a secret is not told, wherever it stands by mistake', () => {
  const token = 'abcdef.0123456789abcdef';
  const text = `machine:\n    type: ${token}\n    token ${token}:\n    sysctls: { ${token}: [a] }\n---\napiVersion: v1alpha1\nkind: ${token}\n`;
  const result = parseMachineConfig(text);
  const told = result.ok ? [] : result.problems.map(({ path, expected, found }) => `${path}: ${expected}, ${found}`);
  expect(told.filter((line) => line.includes('…'))).toHaveLength(4);
  expect(told.join('\n')).not.toContain('abcdef');
});
