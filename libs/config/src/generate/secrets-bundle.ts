import { randomBytes } from 'node:crypto';
import { type Parsed, type Problem, parsed } from '@minos/base';
import { isKeyOf, type KeyPairPem, newCertificateAuthority, newPrivateKey } from '@minos/pki';
import { decodeBase64Pem, encodeBase64Pem } from '../pem-field.ts';
import { parseYamlDocument, toYamlText } from '../yaml-text.ts';
import { textAt, type YamlMap, type YamlValue } from '../yaml-value.ts';
import { CURRENT_CONTRACT, isAfter, type VersionContract } from './version-contract.ts';

/** Every secret of a cluster, in the clear: for those who generate configurations, who must not keep it. */
export interface SecretsBundle {
  readonly clusterId: string;
  readonly clusterSecret: string;
  readonly bootstrapToken: string;
  /** Key for what Kubernetes keeps in etcd; empty in bundles of before 1.3, which have the other one. */
  readonly secretboxEncryptionSecret: string;
  /** The older key; empty in newer bundles. */
  readonly aescbcEncryptionSecret: string;
  /** Token that a node shows to trustd. */
  readonly trustdToken: string;
  readonly etcd: KeyPairPem;
  readonly kubernetes: KeyPairPem;
  readonly aggregator: KeyPairPem;
  readonly serviceAccountKeyPem: string;
  /** The authority of the API. */
  readonly os: KeyPairPem;
}

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
/** Bytes from here on are thrown away, so that every character is as likely. */
const FAIR_BELOW = 256 - (256 % ALPHABET.length);
const SECRET_BYTES = 32;

/** A text of random characters of `0-9a-z`. */
function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < FAIR_BELOW && text.length < length) text += ALPHABET[byte % ALPHABET.length];
    }
  }
  return text;
}

function newToken(): string {
  return `${randomText(6)}.${randomText(16)}`;
}

/**
 * Makes the secrets of a new cluster for a line of the compatible system; its RSA key is made off the calling thread and takes a second
 * or two.
 */
export async function generateSecrets(nowMs: number, contract: VersionContract = CURRENT_CONTRACT): Promise<SecretsBundle> {
  const serviceAccountKey = newPrivateKey(isAfter(contract, 6) ? 'rsa' : 'p256');
  const encryptionSecret = randomBytes(SECRET_BYTES).toString('base64');
  const id = randomBytes(SECRET_BYTES).toString('base64');
  return {
    clusterId: isAfter(contract, 13) ? id : id.replaceAll('+', '-').replaceAll('/', '_'),
    clusterSecret: randomBytes(SECRET_BYTES).toString('base64'),
    bootstrapToken: newToken(),
    secretboxEncryptionSecret: isAfter(contract, 2) ? encryptionSecret : '',
    aescbcEncryptionSecret: isAfter(contract, 2) ? '' : encryptionSecret,
    trustdToken: newToken(),
    etcd: newCertificateAuthority({ organization: 'etcd', nowMs, kind: 'p256' }),
    kubernetes: newCertificateAuthority({ organization: 'kubernetes', nowMs, kind: 'p256' }),
    aggregator: newCertificateAuthority({ organization: '', nowMs, kind: 'p256' }),
    os: newCertificateAuthority({ organization: 'talos', nowMs }),
    serviceAccountKeyPem: await serviceAccountKey,
  };
}

/** The text of `secrets.yaml`; to be written with mode 0600. */
export function emitSecretsBundle(bundle: SecretsBundle): string {
  return toYamlText({
    cluster: { id: bundle.clusterId, secret: bundle.clusterSecret },
    secrets: {
      bootstraptoken: bundle.bootstrapToken,
      ...withValue('secretboxencryptionsecret', bundle.secretboxEncryptionSecret),
      ...withValue('aescbcencryptionsecret', bundle.aescbcEncryptionSecret),
    },
    trustdinfo: { token: bundle.trustdToken },
    certs: {
      etcd: pairText(bundle.etcd),
      k8s: pairText(bundle.kubernetes),
      k8saggregator: pairText(bundle.aggregator),
      k8sserviceaccount: { key: encodeBase64Pem(bundle.serviceAccountKeyPem) },
      os: pairText(bundle.os),
    },
  });
}

function withValue(key: string, value: string): YamlMap {
  return value === '' ? {} : { [key]: value };
}

/** A pair as configurations carry it. */
export function pairText(pair: KeyPairPem): { readonly crt: string; readonly key: string } {
  return { crt: encodeBase64Pem(pair.certPem), key: encodeBase64Pem(pair.keyPem) };
}

/** Reads `secrets.yaml`; every part that is missing or unreadable is a problem, none of which shows a value. */
export function parseSecretsBundle(text: string): Parsed<SecretsBundle> {
  const document = parseYamlDocument(text);
  if (!document.ok) return document;
  const root = document.value;
  const problems: Problem[] = [];
  const need = (...path: readonly string[]): string => {
    const found = textAt(root, ...path);
    if (found === undefined) problems.push({ path: path.join('.'), expected: 'a value', found: 'nothing' });
    return found ?? '';
  };
  const pair = (name: string): KeyPairPem => readPair(root, name, problems);
  const aescbcEncryptionSecret = textAt(root, 'secrets', 'aescbcencryptionsecret') ?? '';
  const secretbox = textAt(root, 'secrets', 'secretboxencryptionsecret') ?? '';
  const bundle: SecretsBundle = {
    clusterId: need('cluster', 'id'),
    clusterSecret: need('cluster', 'secret'),
    bootstrapToken: need('secrets', 'bootstraptoken'),
    aescbcEncryptionSecret,
    secretboxEncryptionSecret: aescbcEncryptionSecret === '' ? need('secrets', 'secretboxencryptionsecret') : secretbox,
    trustdToken: need('trustdinfo', 'token'),
    etcd: pair('etcd'),
    kubernetes: pair('k8s'),
    aggregator: pair('k8saggregator'),
    os: pair('os'),
    serviceAccountKeyPem: decodeBase64Pem(need('certs', 'k8sserviceaccount', 'key')),
  };
  return problems.length > 0 ? { ok: false, problems } : parsed(bundle);
}

function readPair(root: YamlValue, name: string, problems: Problem[]): KeyPairPem {
  const certPem = decodeBase64Pem(textAt(root, 'certs', name, 'crt') ?? '');
  const keyPem = decodeBase64Pem(textAt(root, 'certs', name, 'key') ?? '');
  if (!isKeyOf(keyPem, certPem)) {
    problems.push({ path: `certs.${name}`, expected: 'a certificate (crt) and its private key (key), each base64 of PEM' });
  }
  return { certPem, keyPem };
}
