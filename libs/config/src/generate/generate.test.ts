import { beforeAll, expect, test } from '@jest/globals';
import { formatProblems } from '@minos/base';
import { parseMachineConfig } from '../parse-machine-config.ts';
import { toYamlStream } from '../yaml-text.ts';
import type { YamlMap } from '../yaml-value.ts';
import { withComments } from './config-comments.ts';
import { contractDocuments } from './contract-configs.ts';
import type { ConfigRole, ContractOptions } from './contract-options.ts';
import { emitSecretsBundle, generateSecrets, parseSecretsBundle, type SecretsBundle } from './secrets-bundle.ts';
import { secretsFromConfig } from './secrets-from-config.ts';
import { CURRENT_CONTRACT, parseContract, type VersionContract } from './version-contract.ts';

let secrets: SecretsBundle;
let older: SecretsBundle;

beforeAll(async () => {
  secrets = await generateSecrets(Date.now());
  older = await generateSecrets(Date.now(), { major: 1, minor: 2 });
}, 60_000);

const line = (minor: number): VersionContract => ({ major: 1, minor });

function optionsOf(change: Partial<ContractOptions> = {}): ContractOptions {
  return {
    clusterName: 'lab',
    endpoint: 'https://10.5.0.2:6443',
    secrets,
    contract: CURRENT_CONTRACT,
    kubernetesVersion: '1.37.0',
    additionalSans: ['a.example'],
    dnsDomain: 'cluster.local',
    installDisk: '/dev/sda',
    installImage: 'example/installer:v1',
    registryMirrors: [],
    hasClusterDiscovery: true,
    hasKubeSpan: false,
    ...change,
  };
}

const kindsOf = (documents: readonly YamlMap[]): unknown[] => documents.map((d) => d['kind'] ?? 'v1alpha1');
const roles: readonly ConfigRole[] = ['controlplane', 'worker'];

test('a line is read from a version; one that is not known yet is the newest, and another major is refused', () => {
  expect(['v1.13', '1.13.9', 'v1.14.0-rc.1', 'v1.99'].map((text) => parseContract(text))).toEqual(
    [13, 13, 14, 14].map((minor) => ({ ok: true, value: line(minor) })),
  );
  expect(['v2.0', 'latest', ''].map((text) => parseContract(text).ok)).toEqual([false, false, false]);
});

test('the newest line has a document for each thing, in the order of the compatible system', () => {
  const common = ['v1alpha1', 'DiscoveryServiceConfig', 'DiscoveryIdentityConfig', 'UnattendedInstallConfig', 'ResolverConfig'];
  const rest = ['VolumeConfig', 'FilesystemTrimConfig', 'SecurityProfileConfig', 'HostnameConfig', 'KubeClusterConfig'];
  const kubernetes = ['KubeNodeConfig', 'KubeletConfig', 'KubeNetworkConfig', 'KubeAPIServerCAConfig', 'KubePrismConfig'];
  const worker = [...common, ...rest, ...kubernetes];
  expect(kindsOf(contractDocuments(optionsOf(), 'worker'))).toEqual(worker);
  expect(kindsOf(contractDocuments(optionsOf(), 'controlplane'))).toEqual([
    ...worker,
    ...['KubeAggregatorCAConfig', 'KubeAdmissionControlConfig', 'KubeAuditPolicyConfig', 'KubeAuthenticationConfig'],
    ...['KubeAuthorizerConfig', 'KubeAuthorizerConfig', 'KubeEtcdEncryptionConfig', 'KubeServiceAccountConfig'],
    ...['KubeAPIServerConfig', 'KubeControllerManagerConfig', 'KubeSchedulerConfig', 'KubeProxyConfig'],
    ...['KubeFlannelCNIConfig', 'KubeCoreDNSConfig'],
  ]);
  const all = { registryMirrors: [{ host: 'docker.io', url: 'http://10.5.0.1:5000' }], hasKubeSpan: true };
  const wide = kindsOf(contractDocuments(optionsOf(all), 'worker'));
  expect(wide.slice(7, 11)).toEqual(['SecurityProfileConfig', 'RegistryMirrorConfig', 'HostnameConfig', 'KubeSpanConfig']);
  const bare = optionsOf({ installDisk: '', hasClusterDiscovery: false });
  expect([contractDocuments(bare, 'controlplane').length, contractDocuments(bare, 'worker').length]).toEqual([27, 13]);
});

test.each([
  [14, 'controlplane', 29],
  [14, 'worker', 15],
  [13, 'controlplane', 2],
  [12, 'worker', 2],
  [11, 'controlplane', 1],
  [0, 'worker', 1],
] as const)('line 1.%d has for a %s %d documents', (minor, role, count) => {
  expect(contractDocuments(optionsOf({ contract: line(minor) }), role)).toHaveLength(count);
});

test('features stand only in lines that know them', () => {
  const machine = (minor: number): unknown =>
    contractDocuments(optionsOf({ contract: line(minor) }), 'controlplane')[0]?.['machine'];
  expect(machine(13)).toMatchObject({
    certSANs: ['a.example'],
    install: { disk: '/dev/sda', image: 'example/installer:v1', wipe: false, grubUseUKICmdline: true },
    features: { kubePrism: { enabled: true, port: 7445 }, hostDNS: { enabled: true, forwardKubeDNSToHost: true } },
  });
  expect(machine(11)).toMatchObject({ certSANs: ['10.5.0.2', 'a.example'], features: { rbac: true, stableHostname: true } });
  expect(machine(1)).toMatchObject({ features: { rbac: true } });
  expect(Object.keys(Object(Object(machine(1)).features))).toEqual(['rbac']);
});

test.each(Array.from({ length: 15 }, (_, minor) => minor))(
  'what line 1.%d gets is a right configuration, with comments too',
  (minor) => {
    for (const role of roles) {
      const documents = contractDocuments(optionsOf({ contract: line(minor) }), role);
      const plain = toYamlStream(documents);
      for (const text of [plain, withComments(plain, { hasDocs: true, hasExamples: true })]) {
        const result = parseMachineConfig(text);
        expect(result.ok ? '' : formatProblems(result.problems)).toBe('');
        const values = result.ok ? result.value.documents.map((d) => d.value) : [];
        const wanted = parseMachineConfig(plain);
        expect(values).toEqual(wanted.ok ? wanted.value.documents.map((d) => d.value) : []);
      }
    }
  },
);

test('comments explain keys, and examples stand behind as comments', () => {
  const text = withComments(toYamlStream(contractDocuments(optionsOf(), 'worker')), { hasDocs: true, hasExamples: true });
  expect(text).toContain('    type: worker # controlplane or worker.\n');
  expect(text).toContain('port: 7445 # Where each node balances');
  expect(text).toMatch(/# kind: SysctlConfig\n# params:\n# {5}net\.ipv4\.ip_forward: "1"\n$/);
});

test('an IPv6 endpoint makes IPv6 subnets', () => {
  const documents = contractDocuments(optionsOf({ endpoint: 'https://[fd00::2]:6443' }), 'controlplane');
  expect(documents.find((d) => d['kind'] === 'KubeNetworkConfig')).toMatchObject({ podSubnets: ['fc00:db8:10::/56'] });
  expect(documents.find((d) => d['kind'] === 'KubeAPIServerConfig')).toMatchObject({ certExtraSANs: ['fd00::2', 'a.example'] });
});

test('older secrets have the older key of etcd, another alphabet and a smaller key, and read back the same', () => {
  expect(older).toMatchObject({ secretboxEncryptionSecret: '', aescbcEncryptionSecret: expect.stringMatching(/=$/) });
  expect(older.clusterId).toMatch(/^[\w-]+=$/);
  expect(older.serviceAccountKeyPem).toContain('EC PRIVATE KEY');
  expect(parseSecretsBundle(emitSecretsBundle(older))).toEqual({ ok: true, value: older });
});

test.each([14, 13, 11])('the secrets come back out of a configuration of line 1.%d', (minor) => {
  const text = toYamlStream(contractDocuments(optionsOf({ contract: line(minor) }), 'controlplane'));
  expect(secretsFromConfig(text)).toEqual({ ok: true, value: secrets });
});

test('the configuration of a worker lacks secrets, each of which is named', () => {
  const result = secretsFromConfig(toYamlStream(contractDocuments(optionsOf(), 'worker')));
  expect(result.ok ? [] : result.problems.map((p) => p.path)).toEqual([
    ...['cluster.secretboxEncryptionSecret', 'cluster.etcd.ca', 'cluster.ca', 'cluster.aggregatorCA'],
    ...['cluster.serviceAccount.key', 'machine.ca'],
  ]);
});
