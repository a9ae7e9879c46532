import { expect, test } from '@jest/globals';
import { emitClientConfig, mergeClientConfig, parseClientConfig } from '../index.ts';
import { testCluster } from '../testing/test-cluster.ts';

test('the generated client configuration has the form of the compatible system', async () => {
  const { talosconfig, secrets } = await testCluster();
  expect(talosconfig).toMatch(
    /^context: minos\ncontexts:\n {4}minos:\n {8}endpoints:\n {12}- 10\.5\.0\.2\n {8}ca: [A-Za-z0-9+/=]+\n {8}crt: [A-Za-z0-9+/=]+\n {8}key: [A-Za-z0-9+/=]+\n$/,
  );
  const parsed = parseClientConfig(talosconfig);
  const context = parsed.ok ? parsed.value.contexts.get('minos') : undefined;
  expect(context?.caPem).toBe(secrets.os.certPem);
  expect(context?.keyPem).toMatch(/^-----BEGIN ED25519 PRIVATE KEY-----/);
  expect(parsed.ok && emitClientConfig(parsed.value)).toBe(talosconfig);
});

test('keys that are not ours survive, and target is an old name of endpoints', () => {
  const parsed = parseClientConfig(
    'context: a\ncontexts:\n  a:\n    target: [10.5.0.2]\n    auth:\n      siderov1: { identity: me }\n    proxy-url: x\n',
  );
  const text = parsed.ok ? emitClientConfig(parsed.value) : '';
  expect(text).toMatch(/endpoints:\n {12}- 10\.5\.0\.2/);
  expect(text).toMatch(/auth:\n {12}siderov1:\n {16}identity: me/);
  expect(text).toContain('proxy-url: x');
});

test('an empty file is a configuration without contexts', () => {
  expect(parseClientConfig('')).toEqual({ ok: true, value: { context: '', contexts: new Map() } });
});

test('what is no client configuration is a problem that shows no secret', () => {
  const parsed = parseClientConfig('contexts:\n  a:\n    key: hunter2\n  b: 1\n');
  expect(parsed).toEqual({
    ok: false,
    problems: [
      { path: 'contexts.a.key', expected: 'base64 of PEM' },
      { path: 'contexts.b', expected: 'a mapping' },
    ],
  });
});

test('a merge gives a taken name a number and uses the context of the other', () => {
  const one = parseClientConfig('context: a\ncontexts:\n  a: { endpoints: [10.5.0.2] }\n');
  const two = parseClientConfig('context: a\ncontexts:\n  a: { endpoints: [10.6.0.2] }\n  c: {}\n');
  if (!one.ok || !two.ok) throw new TypeError('unreadable');
  const merged = mergeClientConfig(mergeClientConfig(one.value, two.value), two.value);
  expect([...merged.contexts.keys()]).toEqual(['a', 'a-1', 'c', 'a-2', 'c-1']);
  expect(merged.context).toBe('a-2');
});
