import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { type Cluster, type ClusterNode, startCluster } from '../../harness/cluster.ts';

let cluster: Cluster;
let worker: ClusterNode;
beforeAll(async () => {
  cluster = await startCluster({ name: 'token', workers: 1 });
  const [first] = cluster.workers;
  if (first === undefined) throw new Error('no worker');
  worker = first;
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

const logOf = (node: ClusterNode, service: string): Promise<string> =>
  readFile(join(node.ephemeralDir, 'log', `${service}.log`), 'utf8').catch(() => '');

/** Of the self-signed certificate that a log speaks of last. */
function fingerprintShown(log: string): string {
  const line = log.split('\n').findLast((text) => text.includes('the API shows a self-signed certificate'));
  const found = /"fingerprint":"([A-Za-z0-9+/]{43}=)"/.exec(line ?? '')?.[1];
  if (found === undefined) throw new Error(`no fingerprint in the log yet:\n${log}`);
  return found;
}

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
  await eventually(
    async () => expect(await logOf(cluster.controlPlane, 'trustd')).toMatch(/"reason":"invalid token".*"certificate refused"/),
    {
      withinMs: 10_000,
    },
  );
  expect(`${await logOf(worker, 'machined')}${await logOf(cluster.controlPlane, 'trustd')}`).not.toContain('bbbbbbbbbbbbbbbb');

  // Through the control plane it cannot be reached: it has no certificate of ours.
  const through = await cluster.minosctl(['-n', worker.address, 'version'], { timeoutMs: 30_000 });
  expect(through.code).not.toBe(0);

  // Directly it can, by its fingerprint, and only with a certificate of an admin.
  const fingerprint = await eventually(async () => fingerprintShown(await logOf(worker, 'machined')), { withinMs: 10_000 });
  const corrected = join(cluster.dir, 'corrected.yaml');
  await writeFile(corrected, good);
  const unpinned = await cluster.minosctl(['-e', worker.address, '-n', worker.address, 'version']);
  expect(unpinned).toMatchObject({ code: 1, stderr: expect.stringContaining('--cert-fingerprint') });
  const direct = ['-e', worker.address, '-n', worker.address, '--cert-fingerprint', fingerprint];
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
