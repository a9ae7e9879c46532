import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { type Cluster, type ClusterNode, startCluster } from '../../harness/cluster.ts';

let cluster: Cluster;
let worker: ClusterNode;
beforeAll(async () => {
  cluster = await startCluster({ name: 'token', subnet: 21, workers: 1 });
  const [first] = cluster.workers;
  if (first === undefined) throw new Error('no worker');
  worker = first;
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

const logOf = (node: ClusterNode, service: string): Promise<string> =>
  readFile(join(node.ephemeralDir, 'log', `${service}.log`), 'utf8').catch(() => '');

test('a worker with a wrong token never joins and says why; corrected on the worker, it joins within 10 s', async () => {
  const stored = join(worker.stateDir, 'config.yaml');
  const good = await readFile(stored, 'utf8');
  const bad = good.replace(/^( +token: ).*$/m, '$1aaaaaa.bbbbbbbbbbbbbbbb');
  expect(bad).not.toBe(good);
  await writeFile(stored, bad);
  const startedWith = await cluster.minosctl(['-n', worker.address, 'reboot', '--wait=false']);
  expect(startedWith).toMatchObject({ code: 0 });

  // The refusal is in both logs, with the reason; the token is in neither.
  await eventually(async () => expect(await logOf(worker, 'machined')).toMatch(/invalid token/), {
    withinMs: 60_000,
    everyMs: 250,
  });
  await eventually(async () => expect(await logOf(cluster.controlPlane, 'trustd')).toMatch(/invalid token|token/), {
    withinMs: 10_000,
  });
  expect(`${await logOf(worker, 'machined')}${await logOf(cluster.controlPlane, 'trustd')}`).not.toContain('bbbbbbbbbbbbbbbb');

  // Through the control plane it cannot be reached: it has no certificate of ours.
  const through = await cluster.minosctl(['-n', worker.address, 'version'], { timeoutMs: 30_000 });
  expect(through.code).not.toBe(0);

  // Directly it can, by its fingerprint, and only with a certificate of an admin.
  const fingerprint = /"fingerprint":"([A-Za-z0-9+/=]+)"/.exec(
    `${await logOf(worker, 'machined')}${await logOf(worker, 'apid')}`,
  )?.[1];
  expect(fingerprint).toBeDefined();
  const corrected = join(cluster.dir, 'corrected.yaml');
  await writeFile(corrected, good);
  const direct = ['-e', worker.address, '-n', worker.address, '--cert-fingerprint', fingerprint ?? ''];
  await eventually(
    async () =>
      expect(await cluster.minosctl([...direct, 'apply-config', '-f', corrected], { timeoutMs: 20_000 })).toMatchObject({
        code: 0,
      }),
    {
      withinMs: 20_000,
      everyMs: 500,
    },
  );
  await eventually(
    async () =>
      expect(await cluster.minosctl(['-n', worker.address, 'version'], { timeoutMs: 10_000 })).toMatchObject({ code: 0 }),
    {
      withinMs: 10_000,
      everyMs: 250,
    },
  );
}, 240_000);
