import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { type Cluster, type ClusterNode, startCluster } from '../../harness/cluster.ts';
import { daemonOf } from '../../harness/host-processes.ts';

const UNREACHABLE = '10.99.0.3/24';
const BACK = { withinMs: 40_000, everyMs: 500 };

let cluster: Cluster;
let worker: ClusterNode;
let movedTo: string;
let first: string;
let stored: string;
beforeAll(async () => {
  cluster = await startCluster({ name: 'lockout', workers: 1 });
  const [only] = cluster.workers;
  if (only === undefined) throw new Error('no worker');
  worker = only;
  movedTo = cluster.address(33);
  stored = join(worker.stateDir, 'config.yaml');
  first = await readFile(stored, 'utf8');
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

/** Applies the worker's configuration with another address; the worker is known by `node` now. */
async function move(node: string, prefix: string, seconds: number) {
  const file = join(cluster.dir, 'moved.yaml');
  await writeFile(file, first.replace(`${worker.address}/24`, prefix));
  const args = ['-n', node, 'apply-config', '-f', file, '--confirm-timeout', String(seconds)];
  return cluster.minosctl(args, { timeoutMs: 90_000 });
}

async function expectReachable(node: string): Promise<void> {
  await eventually(async () => {
    const version = await cluster.minosctl(['-n', node, 'version'], { timeoutMs: 15_000 });
    expect(version).toMatchObject({ code: 0 });
  }, BACK);
}

test('an address that cuts the worker off is gone by itself, and a good one stays', async () => {
  const bad = await move(worker.address, UNREACHABLE, 6);
  expect(bad.stderr).toContain('went back to the configuration before');
  expect(bad.code).toBe(1);
  await expectReachable(worker.address);
  expect(await readFile(stored, 'utf8')).toBe(first);

  const good = await move(worker.address, `${movedTo}/24`, 30);
  expect(good.stderr).toContain(`confirmed over ${movedTo}`);
  expect(good.code).toBe(0);
  expect(await readFile(stored, 'utf8')).toContain(`${movedTo}/24`);
  await expectReachable(movedTo);
}, 180_000);

test('it goes back too when machined is killed while nobody has confirmed', async () => {
  const before = await readFile(stored, 'utf8');
  const moving = move(movedTo, UNREACHABLE, 8);
  await eventually(async () => expect(await readFile(join(worker.stateDir, 'config.next.json'), 'utf8')).toContain('"trial"'), {
    withinMs: 10_000,
  });
  const machined = await daemonOf(await worker.pid1(), 'machined');
  expect(machined).toBeDefined();
  if (machined !== undefined) process.kill(machined.pid, 'SIGKILL');
  const moved = await moving;
  expect([moved.code, moved.stderr]).toEqual([1, expect.stringContaining('went back to the configuration before')]);
  await expectReachable(movedTo);
  expect(await readFile(stored, 'utf8')).toBe(before);
}, 180_000);

test('what is only tried is gone after a reboot', async () => {
  const file = join(cluster.dir, 'tried.yaml');
  const before = await readFile(stored, 'utf8');
  await writeFile(file, first.replace(`${worker.address}/24`, `${cluster.address(44)}/24`));
  const tried = await cluster.minosctl(['-n', movedTo, 'apply-config', '-f', file, '--mode', 'try', '--timeout', '600']);
  expect(tried).toMatchObject({ code: 0, stdout: expect.stringContaining('on trial as') });
  await expectReachable(cluster.address(44));
  await cluster.minosctl(['-n', cluster.address(44), 'reboot', '--wait=false']);
  await expectReachable(movedTo);
  expect(await readFile(stored, 'utf8')).toBe(before);
}, 180_000);
