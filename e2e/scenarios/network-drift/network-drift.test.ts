import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { type Cluster, type ClusterNode, startCluster } from '../../harness/cluster.ts';
import { mustRun } from '../../harness/run.ts';

let cluster: Cluster;
let worker: ClusterNode;
beforeAll(async () => {
  cluster = await startCluster({ name: 'drift', workers: 1 });
  const [first] = cluster.workers;
  if (first === undefined) throw new Error('no worker');
  worker = first;
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

/** Runs the host's `ip` in the network of the worker. */
const ip = async (...args: string[]): Promise<string> =>
  mustRun('nsenter', ['-t', String(await worker.pid1()), '-n', 'ip', ...args]);

test('an address that is deleted by hand is back within a second', async () => {
  await ip('addr', 'del', `${worker.address}/24`, 'dev', 'eth0');
  await eventually(async () => expect(await ip('addr', 'show', 'eth0')).toContain(`${worker.address}/24`), {
    withinMs: 1000,
    everyMs: 20,
  });
});

test('an address nobody asked for is reported, and left where it is', async () => {
  await ip('addr', 'add', '10.5.213.1/24', 'dev', 'eth0');
  await eventually(
    async () => {
      const { stdout } = await cluster.minosctl(['-n', worker.address, 'get', 'addresses']);
      expect(stdout).toContain('10.5.213.1/24');
    },
    { withinMs: 10_000, everyMs: 200 },
  );
  await ip('addr', 'del', `${worker.address}/24`, 'dev', 'eth0');
  await eventually(async () => expect(await ip('addr', 'show', 'eth0')).toContain(`${worker.address}/24`), {
    withinMs: 1000,
    everyMs: 20,
  });
  expect(await ip('addr', 'show', 'eth0')).toContain('10.5.213.1/24');
});

test('an address of the same subnet stays when the first one is deleted', async () => {
  for (const scope of ['all', 'default']) {
    const { stdout } = await cluster.minosctl([
      '-n',
      worker.address,
      'cat',
      `/proc/sys/net/ipv4/conf/${scope}/promote_secondaries`,
    ]);
    expect(stdout).toBe('1\n');
  }
  const second = worker.address.replace(/\d+$/, '77/24');
  await ip('addr', 'add', second, 'dev', 'eth0');
  await ip('addr', 'del', `${worker.address}/24`, 'dev', 'eth0');
  expect(await ip('addr', 'show', 'eth0')).toContain(second);
  await eventually(async () => expect(await ip('addr', 'show', 'eth0')).toContain(`${worker.address}/24`), {
    withinMs: 1000,
    everyMs: 20,
  });
  expect(await ip('addr', 'show', 'eth0')).toContain(second);
  await ip('addr', 'del', second, 'dev', 'eth0');
});

test('a link that is set down by hand comes up again', async () => {
  await ip('link', 'set', 'eth0', 'down');
  await eventually(async () => expect(await ip('link', 'show', 'eth0')).toMatch(/state UP/), { withinMs: 5000, everyMs: 50 });
});

/** All addresses, without the kernel's own word for those that it is still looking for duplicates of. */
const addresses = async (): Promise<string> => (await ip('-o', 'addr', 'show')).replaceAll(' tentative', '');

test('restarting networkd disturbs nothing', async () => {
  const before = await addresses();
  expect(await cluster.minosctl(['-n', worker.address, 'service', 'networkd', 'restart'])).toMatchObject({ code: 0 });
  await eventually(
    async () => expect((await cluster.minosctl(['-n', worker.address, 'service', 'networkd'])).stdout).toContain('Running'),
    {
      withinMs: 15_000,
      everyMs: 200,
    },
  );
  expect(await addresses()).toBe(before);
});
