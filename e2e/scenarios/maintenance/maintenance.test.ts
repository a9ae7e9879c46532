import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { type Cluster, type ClusterNode, startCluster } from '../../harness/cluster.ts';
import { mustRun } from '../../harness/run.ts';

const WITHIN = { withinMs: 20_000, everyMs: 200 };

let cluster: Cluster;
let worker: ClusterNode;
beforeAll(async () => {
  cluster = await startCluster({ name: 'maint', workers: 1 });
  const [only] = cluster.workers;
  if (only === undefined) throw new Error('no worker');
  worker = only;
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

/** What the log says last about being without a configuration. */
async function told(): Promise<{ readonly fingerprint: string; readonly address: string }> {
  const log = await readFile(join(worker.ephemeralDir, 'log/machined.log'), 'utf8');
  const lines = log.split('\n');
  const from = lines.findLastIndex((line) => line.includes('waiting for a configuration over the API'));
  const fingerprint = /"fingerprint":"([^"]+)"/.exec(lines[from] ?? '')?.[1];
  const address = /"address":"(fe80[^"]+)"/.exec(lines.slice(from).join('\n'))?.[1];
  if (fingerprint === undefined || address === undefined) throw new Error(`not told yet:\n${lines.slice(-20).join('\n')}`);
  return { fingerprint, address };
}

/** The bridge that has the host's address in the network of the cluster. */
async function bridge(): Promise<string> {
  const links: unknown = JSON.parse(await mustRun('ip', ['-json', 'address', 'show', 'to', cluster.address(1)]));
  const [first]: unknown[] = Array.isArray(links) ? links : [];
  if (typeof first === 'object' && first !== null && 'ifname' in first) return String(first.ifname);
  throw new Error('the cluster has no bridge');
}

test('a node without a configuration is found by its link, read by anybody, and brought in by its fingerprint', async () => {
  const stored = join(worker.stateDir, 'config.yaml');
  const config = join(cluster.dir, 'worker.yaml');
  await writeFile(config, await readFile(stored, 'utf8'));
  await rm(stored);
  await cluster.minosctl(['-n', worker.address, 'reboot', '--wait=false']);
  const { fingerprint, address } = await eventually(told, WITHIN);
  const node = `${address}%${await bridge()}`;
  const insecure = (pin: string, ...args: string[]) =>
    cluster.minosctl(['--insecure', '-n', node, '--cert-fingerprint', pin, ...args], { timeoutMs: 20_000 });

  await eventually(async () => expect(await insecure(fingerprint, 'version')).toMatchObject({ code: 0 }), WITHIN);
  const links = await insecure(fingerprint, 'get', 'links');
  expect(links.stdout).toContain('eth0');
  const foreign = await insecure(`${fingerprint.startsWith('A') ? 'B' : 'A'}${fingerprint.slice(1)}`, 'version');
  expect(foreign).toMatchObject({ code: 1, stderr: expect.stringContaining(fingerprint) });
  const secrets = await insecure(fingerprint, 'get', 'apicertificates');
  expect(secrets.code).toBe(1);

  expect(await insecure(fingerprint, 'apply-config', '-f', config)).toMatchObject({ code: 0 });
  await eventually(
    async () =>
      expect(await cluster.minosctl(['-n', worker.address, 'version'], { timeoutMs: 15_000 })).toMatchObject({ code: 0 }),
    WITHIN,
  );
  expect(await readFile(stored, 'utf8')).toBe(await readFile(config, 'utf8'));
  expect((await insecure(fingerprint, 'version')).code).toBe(1);
}, 180_000);
