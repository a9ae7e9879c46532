import { expect, test } from '@jest/globals';
import { formatProblems } from '@minos/base';
import { patchConfig } from '../index.ts';

const BASE = `version: v1alpha1
machine: # the node
    type: worker
    token: t.t
    certSANs:
        - a.example
    network:
        interfaces:
            # the uplink
            - interface: eth0
              addresses:
                  - 10.5.0.3/24
cluster:
    network:
        podSubnets:
            - 10.244.0.0/16
---
apiVersion: v1alpha1
kind: HostnameConfig
auto: stable
`;

function patched(patch: string, base = BASE): string {
  const result = patchConfig(base, [patch]);
  return result.ok ? result.value : formatProblems(result.problems);
}

test('an empty list of patches changes no byte', () => {
  expect(patchConfig(BASE, [])).toEqual({ ok: true, value: BASE });
});

test('scalars are replaced, lists are added to, comments stay', () => {
  const text = patched('machine:\n  type: controlplane\n  certSANs: [b.example]\n');
  expect(text).toContain('type: controlplane');
  expect(text).toMatch(/certSANs:\n {8}- a\.example\n {8}- b\.example/);
  expect(text).toContain('# the node');
  expect(text).toContain('# the uplink');
  expect(text).toContain('\n---\napiVersion: v1alpha1\nkind: HostnameConfig\n');
});

test('an interface is merged with the one of its name, another is added', () => {
  const text = patched(
    'machine:\n  network:\n    interfaces:\n      - interface: eth0\n        mtu: 1400\n      - interface: eth1\n',
  );
  expect(text).toMatch(/- interface: eth0\n {14}addresses:\n {18}- 10\.5\.0\.3\/24\n {14}mtu: 1400\n {12}- interface: eth1/);
});

test('lists that are replaced whole are', () => {
  expect(patched('cluster:\n  network:\n    podSubnets: [10.0.0.0/8]\n')).not.toContain('10.244.0.0/16');
});

test('a document that is not there yet is added, one of the same kind is merged', () => {
  const added = patched('apiVersion: v1alpha1\nkind: LinkConfig\nname: eth0\nmtu: 1400\n');
  expect(added).toMatch(/auto: stable\n---\napiVersion: v1alpha1\nkind: LinkConfig\nname: eth0\nmtu: 1400\n$/);
  expect(patched('apiVersion: v1alpha1\nkind: HostnameConfig\nauto: "off"\nhostname: a\n')).toMatch(
    /auto: "?off"?\nhostname: a\n$/,
  );
});

test('$patch: delete removes a document, a mapping or an element of a list', () => {
  expect(patched('apiVersion: v1alpha1\nkind: HostnameConfig\n$patch: delete\n')).not.toContain('HostnameConfig');
  expect(patched('cluster:\n  network:\n    $patch: delete\n')).not.toContain('podSubnets');
  const text = patched('machine:\n  network:\n    interfaces:\n      - interface: eth0\n        $patch: delete\n');
  expect(text).not.toContain('eth0');
  expect(patched('apiVersion: v1alpha1\nkind: LinkConfig\nname: eth9\n$patch: delete\n')).toContain('HostnameConfig');
});

test('a delete of what is not there, and a value of another kind, are problems with their path', () => {
  expect(patched('machine:\n  sysctls:\n    $patch: delete\n')).toMatch(
    /^patch 1: machine\.sysctls: expected something to delete/,
  );
  expect(patched('machine:\n  type: [a]\n')).toMatch(/machine\.type: expected text, found a list/);
});

test('unknown keys in a patch are problems', () => {
  expect(patched('machine:\n  colour: blue\n')).toMatch(/^patch 1: machine\.colour: expected a known key/);
});

test('RFC 6902 operations work on one document and are refused on several', () => {
  const one = BASE.split('---')[0] ?? '';
  const patch = JSON.stringify([
    { op: 'test', path: '/machine/type', value: 'worker' },
    { op: 'replace', path: '/machine/type', value: 'controlplane' },
    { op: 'add', path: '/machine/certSANs/-', value: 'b.example' },
    { op: 'add', path: '/machine/certSANs/0', value: '0.example' },
    { op: 'remove', path: '/cluster/network' },
    { op: 'copy', from: '/machine/type', path: '/machine/sysctls' },
    { op: 'move', from: '/machine/sysctls', path: '/debug' },
  ]);
  const text = patched(patch, one);
  expect(text).toMatch(/certSANs:\n {8}- 0\.example\n {8}- a\.example\n {8}- b\.example/);
  expect(text).toMatch(/cluster: \{\}\ndebug: controlplane\n$/);
  expect(patched(patch)).toMatch(/expected a configuration of one document/);
  expect(patched('- op: remove\n  path: /nothing\n', one)).toMatch(/\[0\]: expected a path that is there/);
  expect(patched('[{"op":"test","path":"/machine/type","value":"x"}]', one)).toMatch(/the value that the test names/);
});

test('texts that look like numbers stay what they are: where nothing changes, in what is merged, and in what is added', () => {
  const base = `${BASE}---\napiVersion: v1alpha1\nkind: EtcFileConfig\nname: a\nmode: 0644\n`;
  const merged = patched('machine:\n  kubelet: { image: 1.10 }\n  nodeLabels: { rack: 007 }\n', base);
  expect(merged).toContain('mode: 0644');
  expect(merged).toMatch(/image: "1\.10"\n {4}nodeLabels:\n {8}rack: "007"/);
  const added = patched('apiVersion: v1alpha1\nkind: EtcFileConfig\nname: b\nmode: 0600\n', base);
  expect(added).toMatch(/mode: 0644[\s\S]*name: b\nmode: "0600"\n$/);
  const one = 'machine: { type: worker, kubelet: { image: 1.10 } }\n';
  expect(patched('[{"op":"replace","path":"/machine/type","value":"init"}]', one)).toContain('image: "1.10"');
});

test('a patch cannot reach a prototype', () => {
  const one = BASE.split('---')[0] ?? '';
  patched('[{"op":"add","path":"/__proto__/polluted","value":"x"}]', one);
  patched('machine:\n  sysctls:\n    __proto__: x\n');
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});
