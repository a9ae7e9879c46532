import { expect, test } from '@jest/globals';
import { diffConfigs, redactConfig } from './index.ts';

const OLD = `machine:
    type: worker
    token: abcdef.0123456789abcdef
    ca:
        crt: AAAA
        key: U0VDUkVU
    certSANs: []
cluster:
    secret: "c2VjcmV0"
---
apiVersion: v1alpha1
kind: KubeServiceAccountConfig
issuer:
    privateKey: |
        -----BEGIN RSA PRIVATE KEY-----
        c2VjcmV0
        -----END RSA PRIVATE KEY-----
    issuerURL: https://x
`;

test('secrets become marks, the rest stays byte for byte', () => {
  expect(redactConfig(OLD)).toBe(`machine:
    type: worker
    token: '[redacted 1]'
    ca:
        crt: AAAA
        key: '[redacted 2]'
    certSANs: []
cluster:
    secret: '[redacted 3]'
---
apiVersion: v1alpha1
kind: KubeServiceAccountConfig
issuer:
    privateKey: '[redacted 4]'
    issuerURL: https://x
`);
});

test('a text that is not YAML is not shown at all', () => {
  expect(redactConfig('token: [abc\nkey: "')).toBe('[unreadable configuration]\n');
});

test('a diff shows what changed with its surroundings, and that a secret did', () => {
  const now = OLD.replace('type: worker', 'type: controlplane').replace('abcdef.0123456789abcdef', 'zzzzzz.0123456789abcdef');
  expect(diffConfigs(OLD, now)).toBe(`--- a/config
+++ b/config
@@ -1,6 +1,6 @@
 machine:
-    type: worker
-    token: '[redacted 1]'
+    type: controlplane
+    token: '[redacted 5]'
     ca:
         crt: AAAA
         key: '[redacted 2]'
`);
});

test('equal texts have no diff', () => {
  expect(diffConfigs(OLD, OLD)).toBe('');
});

test('a diff has the line numbers of both texts', () => {
  const lines = Array.from({ length: 40 }, (_, i) => `k${i}: ${i}`);
  const old = `${lines.join('\n')}\n`;
  const now = `${lines.toSpliced(30, 1).toSpliced(2, 0, 'new: 1').join('\n')}\n`;
  const diff = diffConfigs(old, now);
  expect(diff).toContain('@@ -1,5 +1,6 @@\n k0: 0\n k1: 1\n+new: 1\n k2: 2');
  expect(diff).toContain('@@ -28,7 +29,6 @@\n k27: 27');
  expect(diff).toContain('\n-k30: 30\n');
});
