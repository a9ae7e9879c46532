import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { type Cluster, type ClusterNode, startCluster } from '../../harness/cluster.ts';
import { mustRun } from '../../harness/run.ts';

const FILE = '/proc/sys/net/ipv4/tcp_keepalive_time';
const WITHIN = { withinMs: 60_000, everyMs: 500 };

let cluster: Cluster;
let node: ClusterNode;
let stored: string;
beforeAll(async () => {
  cluster = await startCluster({ name: 'kset', workers: 0 });
  node = cluster.controlPlane;
  stored = await readFile(join(node.stateDir, 'config.yaml'), 'utf8');
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

const minosctl = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await cluster.minosctl(['-n', node.address, ...args], { timeoutMs: 60_000 });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
};

/** A configuration with more documents than the stored one, in a file. */
const configWith = async (documents: string): Promise<string> => {
  const file = join(cluster.dir, 'kernel.yaml');
  await writeFile(file, `${stored}${documents}`);
  return file;
};

const value = async (): Promise<string> => (await minosctl('cat', FILE)).trim();

test('a parameter is planned, set without a reboot, put back when somebody changes it, and given up with its old value', async () => {
  const before = await value();
  const file = await configWith(
    '---\napiVersion: v1alpha1\nkind: SysctlConfig\nparams:\n    net.ipv4.tcp_keepalive_time: "321"\n    kernel.panic: "77"\n---\napiVersion: v1alpha1\nkind: KernelModuleConfig\nname: no_such_module\n',
  );
  const plan = await minosctl('plan', '-f', file);
  expect(plan).toContain('kernel-parameter proc.sys.net.ipv4.tcp_keepalive_time');
  expect(plan).toContain('kernel-module no_such_module');
  await minosctl('apply-config', '-f', file);
  await eventually(async () => expect(await value()).toBe('321'), WITHIN);
  await eventually(async () => {
    const row = (await minosctl('get', 'kernelparams')).split('\n').find((line) => line.includes('tcp_keepalive_time '));
    expect(row).toMatch(new RegExp(`321\\s+${before}\\s+false`));
  }, WITHIN);
  await mustRun('nsenter', ['-t', String(await node.pid1()), '-n', 'sh', '-c', `echo 9 > ${FILE}`]);
  expect(await value()).toBe('9');
  // The kernel tells nobody; the node looks once a minute.
  await eventually(async () => expect(await value()).toBe('321'), { withinMs: 120_000, everyMs: 1000 });

  const hostPanic = (await readFile('/proc/sys/kernel/panic', 'utf8')).trim();
  expect(hostPanic).not.toBe('77');
  await eventually(async () => {
    const said = await minosctl('get', 'diagnostics', '-o', 'yaml');
    expect(said).toContain('sets only kernel parameters of its own namespaces');
    expect(said).toContain('proc.sys.kernel.panic');
    expect(said).toContain('loads no kernel modules');
    expect(said).toContain('no_such_module');
  }, WITHIN);

  await minosctl('apply-config', '-f', await configWith(''));
  await eventually(async () => expect(await value()).toBe(before), WITHIN);
  await eventually(async () => expect(await minosctl('get', 'diagnostics')).not.toContain('kernel-'), WITHIN);
}, 300_000);
