import { beforeAll, expect, test } from '@jest/globals';
import { parseMachineConfig } from './parse-machine-config.ts';
import { testCluster } from './testing/test-cluster.ts';
import { type NodeMode, validateMode } from './validate-mode.ts';

let worker: string;

beforeAll(async () => {
  worker = (await testCluster()).worker;
}, 60_000);

function pathsOf(mode: NodeMode, change: (text: string) => string = (text) => text): readonly string[] {
  const config = parseMachineConfig(change(worker));
  if (!config.ok) throw new Error(JSON.stringify(config.problems));
  return validateMode(config.value, mode).map((p) => p.path);
}

const withInstall = (install: string) => (text: string) =>
  text.replace('    type: worker\n', `    type: worker\n    install: ${install}\n`);
const withDocument = (document: string) => (text: string) => `${text}---\napiVersion: v1alpha1\n${document}`;

test('on metal, an install section must name a disk; none is needed', () => {
  expect(pathsOf('metal')).toEqual([]);
  expect(pathsOf('metal', withInstall('{ disk: /dev/sda }'))).toEqual([]);
  expect(pathsOf('metal', withInstall('{ wipe: true }'))).toEqual(['machine.install']);
  const wrong = '{ disk: /dev/sda, extraKernelArgs: [a], grubUseUKICmdline: true, extensions: [{ image: a }, { image: a }] }';
  expect(pathsOf('metal', withInstall(wrong))).toEqual(['machine.install.extraKernelArgs', 'machine.install.extensions']);
  expect(pathsOf('cloud', withInstall('{ wipe: true }'))).toEqual([]);
});

test('in a container, the node itself answers for names', () => {
  expect(pathsOf('container')).toEqual(['machine.features.hostDNS.enabled', 'machine.features.hostDNS.forwardKubeDNSToHost']);
  const half = withDocument('kind: ResolverConfig\nhostDNS: { enabled: true }\n');
  expect(pathsOf('container', half)).toEqual(['ResolverConfig.hostDNS.forwardKubeDNSToHost']);
  expect(
    pathsOf('container', withDocument('kind: ResolverConfig\nhostDNS: { enabled: true, forwardKubeDNSToHost: true }\n')),
  ).toEqual([]);
});
