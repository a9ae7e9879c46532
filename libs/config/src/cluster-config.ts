import { Secret } from '@minos/base';
import type { CheckedDocument } from './checked-document.ts';
import type { ClusterConfig } from './machine-config.ts';
import { LEGACY_KIND } from './shape/document-kinds.ts';
import { textAt } from './yaml-value.ts';

const SECRET_BYTES = 32;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** Who the cluster is, from the documents of either line: the newer ones win. */
export function readCluster(checked: readonly CheckedDocument[]): ClusterConfig {
  const legacy = checked.find((c) => c.document.kind === LEGACY_KIND);
  const identity = checked.find((c) => c.document.kind === 'DiscoveryIdentityConfig');
  const kubernetes = checked.find((c) => c.document.kind === 'KubeClusterConfig');
  const old = legacy?.document.value;
  const secret = textAt(identity?.document.value, 'clusterSecret') ?? textAt(old, 'cluster', 'secret');
  if (secret !== undefined && !isSecretOf32(secret)) {
    if (identity === undefined) legacy?.issues.push({ at: ['cluster', 'secret'], expected: 'base64 of 32 bytes' });
    else identity.issues.push({ at: ['clusterSecret'], expected: 'base64 of 32 bytes' });
  }
  checkEndpoint(legacy, ['cluster', 'controlPlane', 'endpoint']);
  checkEndpoint(kubernetes, ['endpoint']);
  return {
    id: textAt(identity?.document.value, 'clusterID') ?? textAt(old, 'cluster', 'id') ?? '',
    secret: secret === undefined ? undefined : new Secret(secret),
    name: textAt(kubernetes?.document.value, 'clusterName') ?? textAt(old, 'cluster', 'clusterName') ?? '',
    endpoint: textAt(kubernetes?.document.value, 'endpoint') ?? textAt(old, 'cluster', 'controlPlane', 'endpoint') ?? '',
  };
}

function isSecretOf32(text: string): boolean {
  return BASE64.test(text) && Buffer.from(text, 'base64').length === SECRET_BYTES;
}

function checkEndpoint(checked: CheckedDocument | undefined, at: readonly string[]): void {
  const text = textAt(checked?.document.value, ...at);
  if (checked === undefined || text === undefined) return;
  const host = URL.canParse(text) ? new URL(text).hostname : '';
  if (host === '') checked.issues.push({ at, expected: 'a URL with a host' });
}
