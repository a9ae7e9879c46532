import { beforeAll, expect, test } from '@jest/globals';
import { formatProblems } from '@minos/base';
import { parseMachineConfig } from '../parse-machine-config.ts';
import { testCluster } from '../testing/test-cluster.ts';
import { kernelParamId, kernelParamPath, kernelParamRoot } from './kernel-param-id.ts';
import { kernelSpecs } from './kernel-specs.ts';

let worker: string;
beforeAll(async () => {
  worker = (await testCluster()).worker;
});

test('a parameter has one id, however its name is written, and the id leads to its file', () => {
  expect(kernelParamId('/proc/sys', 'net.ipv4.ip_forward')).toBe('proc.sys.net.ipv4.ip_forward');
  expect(kernelParamId('/proc/sys', 'net/ipv4/ip_forward')).toBe('proc.sys.net.ipv4.ip_forward');
  const vlan = kernelParamId('/proc/sys', 'net.ipv4.conf.eth0/100.forwarding') ?? '';
  expect(kernelParamId('/proc/sys', 'net/ipv4/conf/eth0.100/forwarding')).toBe(vlan);
  expect(kernelParamPath(vlan)).toBe('/proc/sys/net/ipv4/conf/eth0.100/forwarding');
  const queue = kernelParamId('/sys', 'block.vda.queue.scheduler') ?? '';
  expect([queue, kernelParamPath(queue)]).toEqual(['sys.block.vda.queue.scheduler', '/sys/block/vda/queue/scheduler']);
  expect([kernelParamRoot(vlan), kernelParamRoot(queue)]).toEqual(['/proc/sys', '/sys']);
});

test.each([
  '../../etc/passwd',
  'net/../../../etc/passwd',
  'net.//.//.etc.passwd',
  'net..ipv4',
  '/etc/passwd',
  '.net.ipv4',
  'net.ipv4.',
  'kernel',
  '',
  'net.ipv4.a b',
  'net.ipv4.a\0b',
  'net.ipv4.a\nb',
  'net/ipv4/...',
])('%j is the name of no parameter', (name) => {
  expect(kernelParamId('/proc/sys', name)).toBeUndefined();
  expect(kernelParamId('/sys', name)).toBeUndefined();
});

test('modules and parameters are read from the old and the new places, and a document of its own wins', () => {
  const text = `${worker.replace(
    'machine:\n',
    `machine:
    sysctls: { net.ipv4.ip_forward: "0", kernel.panic: 5 }
    sysfs: { block.vda.queue.scheduler: none }
    kernel: { modules: [{ name: br_netfilter }, { name: loop, parameters: ["max_loop=8"] }] }
`,
  )}
---
apiVersion: v1alpha1
kind: SysctlConfig
params: { net/ipv4/ip_forward: "1" }
---
apiVersion: v1alpha1
kind: KernelModuleConfig
name: loop
parameters: [max_loop=16]
`;
  const parsed = parseMachineConfig(text);
  if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
  const { modules, params } = kernelSpecs(parsed.value);
  expect(Object.fromEntries([...params].map(([id, { value }]) => [id, value]))).toMatchObject({
    'proc.sys.net.ipv4.ip_forward': '1',
    'proc.sys.kernel.panic': '5',
    'sys.block.vda.queue.scheduler': 'none',
  });
  expect([...modules.values()]).toEqual([
    { name: 'br_netfilter', parameters: [] },
    { name: 'loop', parameters: ['max_loop=16'] },
  ]);
});

test('names and values that could mean something else are problems, with their paths', () => {
  const text = worker.replace(
    'machine:\n',
    `machine:
    sysctls: { ../etc: "1", net.ipv4.ip_forward: "1\\n2" }
    kernel: { modules: [{ name: ../x }, { name: -r, parameters: ["a=1"] }, { name: loop, parameters: ["-C", "a b"] }] }
`,
  );
  const parsed = parseMachineConfig(text);
  const said = parsed.ok ? '' : formatProblems(parsed.problems);
  for (const part of [
    'machine.sysctls["../etc"]: expected the name of a file below /proc/sys, such as net.ipv4.ip_forward',
    'machine.sysctls["net.ipv4.ip_forward"]: expected one line',
    'machine.kernel.modules[0].name: expected the name of a kernel module',
    'machine.kernel.modules[1].name',
    'machine.kernel.modules[2].parameters[0]: expected name=value',
    'machine.kernel.modules[2].parameters[1]',
  ]) {
    expect(said).toContain(part);
  }
});
