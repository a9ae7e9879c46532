import type { YamlMap } from '../yaml-value.ts';

/** Which pods the cluster admits (PodSecurity): the baseline is enforced, the restricted profile warned about, system pods are free. */
export const POD_SECURITY: YamlMap = {
  apiVersion: 'pod-security.admission.config.k8s.io/v1alpha1',
  kind: 'PodSecurityConfiguration',
  defaults: {
    audit: 'restricted',
    'audit-version': 'latest',
    enforce: 'baseline',
    'enforce-version': 'latest',
    warn: 'restricted',
    'warn-version': 'latest',
  },
  exemptions: { namespaces: ['kube-system'], runtimeClasses: [], usernames: [] },
};

/** What the API server records: who did what, without the contents. */
export const AUDIT_POLICY: YamlMap = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  rules: [{ level: 'Metadata' }],
};

/** Who may ask without a certificate or a token: those who ask for health only. */
export const AUTHENTICATION: YamlMap = {
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'AuthenticationConfiguration',
  anonymous: { enabled: true, conditions: [{ path: '/healthz' }, { path: '/livez' }, { path: '/readyz' }] },
};

/** How secrets are kept in etcd: with the first key there is; what was written without one can be read. */
export function etcdEncryption(keys: { readonly secretbox: string; readonly aescbc: string }): YamlMap {
  const providers: YamlMap[] = [];
  if (keys.secretbox !== '') providers.push({ secretbox: { keys: [{ name: 'key2', secret: keys.secretbox }] } });
  if (keys.aescbc !== '') providers.push({ aescbc: { keys: [{ name: 'key1', secret: keys.aescbc }] } });
  return {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'EncryptionConfiguration',
    resources: [{ resources: ['secrets'], providers: [...providers, { identity: {} }] }],
  };
}
