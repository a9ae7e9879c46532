import { type Parsed, type Problem, parsed } from '@minos/base';
import type { KeyPairPem } from '@minos/pki';
import { decodeBase64Pem } from '../pem-field.ts';
import { readDocuments } from '../read-documents.ts';
import { LEGACY_KIND } from '../shape/document-kinds.ts';
import { listAt, textAt, type YamlMap, type YamlValue } from '../yaml-value.ts';
import type { SecretsBundle } from './secrets-bundle.ts';

type Look = (kind: string, ...path: readonly string[]) => string | undefined;

/** The secrets of a cluster out of the configuration of one of its control planes, of any line; every one that is missing is a problem. */
export function secretsFromConfig(text: string): Parsed<SecretsBundle> {
  const { documents, problems: unread } = readDocuments(text, { isPatch: false });
  if (unread.length > 0) return { ok: false, problems: unread };
  const documentOf = (kind: string): YamlMap | undefined => documents.find((d) => d.kind === kind)?.value;
  const look: Look = (kind, ...path) => textAt(documentOf(kind), ...path);
  const old: Look = (...path) => textAt(documentOf(LEGACY_KIND), ...path);
  const problems: Problem[] = [];
  const need = (path: string, found: string | undefined): string => {
    if (found === undefined)
      problems.push({ path, expected: 'a value; is it the configuration of a control plane?', found: 'nothing' });
    return found ?? '';
  };
  const oldPair = (...path: readonly [string, ...string[]]): KeyPairPem | undefined =>
    pairOf(decoded(old(...path, 'crt')), decoded(old(...path, 'key')));
  const newPair = (kind: string): KeyPairPem | undefined =>
    pairOf(look(kind, 'issuingCA', 'cert'), look(kind, 'issuingCA', 'key'));
  const needPair = (path: string, found: KeyPairPem | undefined): KeyPairPem => {
    need(path, found?.keyPem);
    return found ?? { certPem: '', keyPem: '' };
  };
  const encryption = encryptionKeys(documentOf('KubeEtcdEncryptionConfig'));
  const secretbox = encryption.secretbox ?? old('cluster', 'secretboxEncryptionSecret') ?? '';
  const aescbc = encryption.aescbc ?? old('cluster', 'aescbcEncryptionSecret') ?? '';
  if (secretbox === '' && aescbc === '') need('cluster.secretboxEncryptionSecret', undefined);
  const bundle: SecretsBundle = {
    clusterId: need('cluster.id', look('DiscoveryIdentityConfig', 'clusterID') ?? old('cluster', 'id')),
    clusterSecret: need('cluster.secret', look('DiscoveryIdentityConfig', 'clusterSecret') ?? old('cluster', 'secret')),
    bootstrapToken: need('cluster.token', old('cluster', 'token')),
    trustdToken: need('machine.token', old('machine', 'token')),
    secretboxEncryptionSecret: secretbox,
    aescbcEncryptionSecret: aescbc,
    etcd: needPair('cluster.etcd.ca', oldPair('cluster', 'etcd', 'ca')),
    kubernetes: needPair('cluster.ca', newPair('KubeAPIServerCAConfig') ?? oldPair('cluster', 'ca')),
    aggregator: needPair('cluster.aggregatorCA', newPair('KubeAggregatorCAConfig') ?? oldPair('cluster', 'aggregatorCA')),
    serviceAccountKeyPem: need(
      'cluster.serviceAccount.key',
      look('KubeServiceAccountConfig', 'issuer', 'privateKey') ?? decoded(old('cluster', 'serviceAccount', 'key')),
    ),
    os: needPair('machine.ca', oldPair('machine', 'ca')),
  };
  return problems.length > 0 ? { ok: false, problems } : parsed(bundle);
}

function decoded(text: string | undefined): string | undefined {
  return text === undefined ? undefined : decodeBase64Pem(text);
}

function pairOf(certPem: string | undefined, keyPem: string | undefined): KeyPairPem | undefined {
  return certPem === undefined || keyPem === undefined ? undefined : { certPem, keyPem };
}

/** The keys in a document about the encryption of etcd; where they stand is up to Kubernetes. */
function encryptionKeys(value: YamlValue | undefined): { readonly secretbox?: string; readonly aescbc?: string } {
  const keys: { secretbox?: string; aescbc?: string } = {};
  for (const resource of listAt(value, 'config', 'resources')) {
    for (const provider of listAt(resource, 'providers')) {
      for (const name of ['secretbox', 'aescbc'] as const) {
        const secret = textAt(listAt(provider, name, 'keys')[0], 'secret');
        if (secret !== undefined) keys[name] = secret;
      }
    }
  }
  return keys;
}
