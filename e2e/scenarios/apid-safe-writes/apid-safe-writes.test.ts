import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { type Cluster, type ClusterNode, startCluster } from '../../harness/cluster.ts';
import { run } from '../../harness/run.ts';

const MINOSCTL = resolve(import.meta.dirname, '../../../node_modules/.bin/minosctl');

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ name: 'safe', workers: 4 });
}, 240_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

async function bootIds(nodes: readonly ClusterNode[]): Promise<readonly string[]> {
  return Promise.all(
    nodes.map(async ({ address }) => {
      const read = await cluster.minosctl(['-n', address, 'cat', '/proc/sys/kernel/random/boot_id']);
      expect(read).toMatchObject({ code: 0 });
      return read.stdout.trim();
    }),
  );
}

const addressesIn = (text: string): readonly string[] =>
  [...new Set(text.match(/\b10\.5\.\d+\.\d+\b/g) ?? [])].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
const addresses = (nodes: readonly ClusterNode[]): readonly string[] => nodes.map(({ address }) => address);

test('nodes are chosen by what they are, by labels and by version', async () => {
  const chosen = async (selector: string): Promise<readonly string[]> => {
    const { code, stdout } = await cluster.minosctl(['-n', selector, 'version', '--short']);
    expect([selector, code]).toEqual([selector, 0]);
    return addressesIn(stdout);
  };
  expect(await chosen('@all')).toEqual(addresses(cluster.nodes));
  expect(await chosen('@controlplane')).toEqual([cluster.controlPlane.address]);
  expect(await chosen('@workers')).toEqual(addresses(cluster.workers));
  expect(await chosen('version!=1.0.0')).toEqual(addresses(cluster.nodes));
  const labelled = cluster.workers.slice(0, 2);
  for (const { address, stateDir } of labelled) {
    const change = ['-f', join(stateDir, 'config.yaml'), '-p', 'machine: {nodeLabels: {zone: a}}'];
    expect(await cluster.minosctl(['-n', address, 'apply-config', ...change])).toMatchObject({ code: 0 });
  }
  expect(await chosen('zone=a')).toEqual(addresses(labelled));
  expect(await chosen('@workers:zone!=a')).toEqual(addresses(cluster.workers.slice(2)));
  const nobody = await cluster.minosctl(['-n', 'zone=b', 'version']);
  expect(nobody.code).toBe(1);
  expect(nobody.stderr).toContain('"zone=b" matches none of the 5 members');
}, 120_000);

test('a change of many is shown, and done only when somebody agrees', async () => {
  const write = ['-n', '@workers', 'meta', 'write', '0x0c', 'rack-7'];
  const refused = await cluster.minosctl(write);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  for (const { address, name } of cluster.workers) expect(refused.stderr).toContain(`${address} (${name}, worker): keeps 0x0c`);
  expect(refused.stderr).toContain('nobody is here to be asked: nothing was done');
  const command = [MINOSCTL, '--minosconfig', cluster.clientConfig, ...write].join(' ');
  const atTerminal = (answer: string) => run('bash', ['-c', `(sleep 2; echo ${answer}) | script -qec '${command}' /dev/null`]);
  const no = await atTerminal('n');
  expect(no.stdout).toMatch(/go on\? \[y\/N\][\s\S]*nothing was done/);
  expect((await atTerminal('y')).stdout.match(/0x0c is kept/g)).toHaveLength(4);
  expect(await cluster.minosctl(['-n', '@workers', 'meta', 'delete', '0x0c', '--yes'])).toMatchObject({ code: 0 });
}, 60_000);

test('a configuration of a worker that is sent to everybody reaches nobody', async () => {
  const stored = (): Promise<readonly string[]> =>
    Promise.all(cluster.nodes.map(({ stateDir }) => readFile(join(stateDir, 'config.yaml'), 'utf8')));
  const before = await stored();
  const file = join(cluster.workers[0]?.stateDir ?? '', 'config.yaml');
  const { code, stderr } = await cluster.minosctl(['-n', '@all', 'apply-config', '-f', file, '--yes', '--force']);
  expect(code).toBe(1);
  expect(stderr).toContain(`these nodes are control planes: ${cluster.controlPlane.address}`);
  expect(await stored()).toEqual(before);
});

test('the only control plane is not restarted by the way', async () => {
  const before = await bootIds(cluster.nodes);
  for (const nodes of ['@all', '@controlplane', cluster.controlPlane.address]) {
    const { code, stderr } = await cluster.minosctl(['-n', nodes, 'reboot', '--yes']);
    expect([nodes, code]).toEqual([nodes, 1]);
    expect(stderr).toContain(`${cluster.controlPlane.address} is the only control plane`);
  }
  expect(await bootIds(cluster.nodes)).toEqual(before);
}, 60_000);

test('workers restart first the canary and then two at a time, and never more are down', async () => {
  const before = await bootIds(cluster.workers);
  const going = cluster.startMinosctl(['-n', '@workers', 'reboot', '--yes', '--canary', '1', '--max-unavailable', '2']);
  let isOver = false;
  const ended = going.ended.finally(() => {
    isOver = true;
  });
  let worst = 0;
  await eventually(
    async () => {
      const down = await Promise.all(
        cluster.workers.map((worker) =>
          worker.pid1().then(
            () => 0,
            () => 1,
          ),
        ),
      );
      worst = Math.max(
        worst,
        down.reduce((a, b) => a + b, 0),
      );
      expect(isOver).toBe(true);
    },
    { withinMs: 240_000, everyMs: 20 },
  );
  const { code, stdout } = await ended;
  expect(code).toBe(0);
  expect(stdout.match(/restarted, ready/g)).toHaveLength(4);
  expect(stdout.split('\n')[0]).toBe(`${cluster.workers[0]?.address}: restarted, ready`);
  expect(worst).toBeLessThanOrEqual(2);
  const after = await bootIds(cluster.workers);
  for (const [i, id] of after.entries()) expect(id).not.toBe(before[i]);
}, 300_000);

test('Ctrl-C in the middle: the same command restarts those that are left, and nobody twice', async () => {
  const before = await bootIds(cluster.workers);
  const reboot = ['-n', '@workers', 'reboot', '--yes', '--max-unavailable', '1'];
  await using going = cluster.startMinosctl(reboot);
  const secondIsAsked = (): void => expect(going.stderr()).toContain(`${cluster.workers[1]?.address}: asked to restart`);
  await eventually(secondIsAsked, { withinMs: 120_000, everyMs: 20 });
  process.kill(going.pid, 'SIGINT');
  const { code, stdout, stderr } = await going.ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: `${cluster.workers[0]?.address}: restarted, ready\n` });
  expect(stderr).toContain('the same command goes on with the rest');
  const second = cluster.workers[1];
  if (second === undefined) throw new Error('no second worker');
  const isBack = async (): Promise<void> => expect(await bootIds([second])).not.toEqual([before[1]]);
  await eventually(isBack, { withinMs: 60_000, everyMs: 200 });
  const between = await bootIds(cluster.workers.slice(0, 2));
  const again = await cluster.minosctl(reboot, { timeoutMs: 240_000 });
  expect(again.code).toBe(0);
  expect(again.stderr.match(/done already/g)).toHaveLength(2);
  const after = await bootIds(cluster.workers);
  expect(after.slice(0, 2)).toEqual(between);
  expect(after.slice(2)).not.toContain(before[2]);
  expect(after.slice(2)).not.toContain(before[3]);
  await expect(readdir(join(cluster.dir, 'journal'))).rejects.toMatchObject({ code: 'ENOENT' });
}, 400_000);
