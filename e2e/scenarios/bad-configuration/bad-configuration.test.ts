import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../harness/cluster.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ name: 'badcfg', workers: 0 });
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

test('a configuration with many mistakes is refused with all of them and their paths in one answer, and nothing changes', async () => {
  const stored = join(cluster.controlPlane.stateDir, 'config.yaml');
  const good = await readFile(stored, 'utf8');
  const bad = good
    .replace(/^machine:\n/m, 'machine:\n    colour: blue\n')
    .replace(`${cluster.address(2)}/24`, `${cluster.address(999)}/24`)
    .replace(/^name: eth0$/m, 'name: eth0\nmtu: many');
  expect(bad).not.toBe(good);
  const file = join(cluster.dir, 'bad.yaml');
  await writeFile(file, bad);

  const resources = async (): Promise<string> =>
    (await cluster.minosctl(['-n', cluster.controlPlane.address, 'get', 'machineconfig', '-o', 'yaml'])).stdout;
  const before = await resources();
  const { code, stderr } = await cluster.minosctl(['-n', cluster.controlPlane.address, 'apply-config', '-f', file]);
  expect(code).not.toBe(0);
  expect(stderr).toContain('machine.colour');
  expect(stderr).toContain('LinkConfig(eth0).addresses[0]');
  expect(stderr).toContain('LinkConfig(eth0).mtu');
  expect(await resources()).toBe(before);
  expect(await readFile(stored, 'utf8')).toBe(good);
});

test('a dry run says what would change, without secrets, and changes nothing', async () => {
  const stored = join(cluster.controlPlane.stateDir, 'config.yaml');
  const good = await readFile(stored, 'utf8');
  const file = join(cluster.dir, 'mtu.yaml');
  await writeFile(file, good.replace(/^name: eth0$/m, 'name: eth0\nmtu: 1400'));
  const { code, stdout, stderr } = await cluster.minosctl([
    '-n',
    cluster.controlPlane.address,
    'apply-config',
    '-f',
    file,
    '--dry-run',
  ]);
  expect(code).toBe(0);
  expect(stdout + stderr).toContain('mtu: 1400');
  expect(await readFile(stored, 'utf8')).toBe(good);
});
