import { expect, test } from '@jest/globals';
import { documentChanges, reachChanges } from './config-changes.ts';
import type { MachineConfig } from './machine-config.ts';
import { parseMachineConfig } from './parse-machine-config.ts';
import { testCluster } from './testing/test-cluster.ts';

const { worker } = await testCluster();
const LINK = '---\napiVersion: v1alpha1\nkind: LinkConfig\nname: eth0\naddresses:\n    - address: 10.5.0.3/24\n';

function config(text: string): MachineConfig {
  const parsed = parseMachineConfig(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

const base = config(worker + LINK);

test.each([
  ['an address', worker + LINK.replace('10.5.0.3', '10.5.0.4'), ['network']],
  ['a comment', `# why\n${worker}${LINK}`, []],
  [
    'a name server',
    `${worker}${LINK}---\napiVersion: v1alpha1\nkind: ResolverConfig\nnameservers:\n    - address: 1.1.1.1\n`,
    [],
  ],
  ['the token', worker.replace(/token: \w{6}\./, 'token: abcdef.') + LINK, ['trust']],
  ['the endpoint', worker.replace('https://10.5.0.2:6443', 'https://10.5.0.9:6443') + LINK, ['api']],
  ['names of the API', worker.replace('certSANs: []', 'certSANs: [a.example]') + LINK, ['api']],
])('whether a node can be lost by a change of %s', (_what, text, parts) => {
  expect(reachChanges(base, config(text))).toEqual(parts);
});

test('documents are compared by what they say, not by how they are written', () => {
  const renamed = worker.replace('auto: stable', 'auto: off\nhostname: a') + LINK.replace('eth0', 'eth1');
  expect(documentChanges(base, config(`# why\n${worker}${LINK}`))).toEqual([]);
  expect(documentChanges(base, config(renamed))).toEqual([
    { id: 'HostnameConfig', change: 'changed' },
    { id: 'LinkConfig(eth1)', change: 'added' },
    { id: 'LinkConfig(eth0)', change: 'removed' },
  ]);
  expect(documentChanges(undefined, base).every(({ change }) => change === 'added')).toBe(true);
});
