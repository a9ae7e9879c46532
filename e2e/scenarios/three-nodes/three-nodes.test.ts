import { readlink } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { mustRun, run } from '../../harness/run.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ name: 'three' });
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

const bootId = async (address: string): Promise<string> => {
  const read = await cluster.minosctl(['-n', address, 'cat', '/proc/sys/kernel/random/boot_id']);
  expect(read).toMatchObject({ code: 0 });
  return read.stdout.trim();
};

test('one command through the control plane answers for all three nodes', async () => {
  const nodes = cluster.nodes.map((n) => n.address);
  const { code, stdout } = await cluster.minosctl([
    '-e',
    cluster.controlPlane.address,
    '-n',
    nodes.join(','),
    'version',
    '-o',
    'json',
  ]);
  expect(code).toBe(0);
  for (const address of nodes) expect(stdout).toContain(address);
  expect(stdout.match(/v1\.14\.0\+minos\./g)?.length).toBeGreaterThanOrEqual(3);
  // Built from a commit: the client and all three nodes from the same.
  const client = await cluster.minosctl(['version', '--client', '-o', 'json']);
  const sha = /"sha": "([0-9a-f]{10}(?:-dirty)?)"/.exec(client.stdout)?.[1];
  expect(sha).toBeDefined();
  expect(stdout.split(`"sha": "${sha}"`)).toHaveLength(4);
  expect(stdout.match(/"built": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/g)).toHaveLength(3);
});

test('every node has its own PID 1, network and read-only root, and the root is one squashfs mounted once', async () => {
  const pids = await Promise.all(cluster.nodes.map((n) => n.pid1()));
  for (const kind of ['pid', 'net', 'mnt', 'uts', 'ipc']) {
    const namespaces = await Promise.all(['self', ...pids].map((pid) => readlink(`/proc/${pid}/ns/${kind}`)));
    expect(new Set(namespaces).size).toBe(4);
  }
  const roots = await Promise.all(
    pids.map(async (pid) => (await mustRun('grep', [' / / ', `/proc/${pid}/mountinfo`])).trim().split('\n').at(-1) ?? ''),
  );
  for (const root of roots) {
    expect(root.split(' ')[5]).toMatch(/^ro\b/);
    expect(root).toContain('squashfs');
  }
  expect(new Set(roots.map((root) => root.split(' ')[2])).size).toBe(1);
});

test('all nodes are members, and a node without a shell says what it has', async () => {
  const members = await cluster.minosctl(['-n', cluster.controlPlane.address, 'get', 'members']);
  for (const node of cluster.nodes)
    expect(members.stdout).toMatch(new RegExp(` ${node.name} .* Minos \\(v1\\.14\\.0\\+minos\\.`));
  const bin = await cluster.minosctl(['-n', cluster.controlPlane.address, 'ls', '/sbin']);
  expect(bin.stdout).toContain('init');
  expect(bin.stdout).not.toMatch(/\bsh\b/);
});

test('a worker that is asked to reboot comes back with another boot id, and without losing its place', async () => {
  const [worker] = cluster.workers;
  if (worker === undefined) throw new Error('no worker');
  const before = await bootId(worker.address);
  expect(await cluster.minosctl(['-n', worker.address, 'reboot'], { timeoutMs: 120_000 })).toMatchObject({ code: 0 });
  expect(await bootId(worker.address)).not.toBe(before);
  const members = await cluster.minosctl(['-n', cluster.controlPlane.address, 'get', 'members']);
  expect(members.stdout).toContain(worker.name);
}, 150_000);

test('a worker that is asked to shut down stays down, and the others go on', async () => {
  const worker = cluster.workers[1];
  if (worker === undefined) throw new Error('no second worker');
  expect(await cluster.minosctl(['-n', worker.address, 'shutdown'], { timeoutMs: 120_000 })).toMatchObject({ code: 0 });
  await eventually(async () => expect(await worker.pid1().catch(() => 0)).toBe(0), { withinMs: 30_000 });
  const both = await cluster.minosctl(['-n', `${cluster.controlPlane.address},${worker.address}`, 'version']);
  expect(both.code).not.toBe(0);
  expect(both.stdout).toContain(cluster.controlPlane.address);
  expect(both.stderr).toContain(worker.address);
}, 150_000);

test('the control plane alone listens for machines that join', async () => {
  const open = async (address: string): Promise<number> =>
    (await run('bash', ['-c', `exec 3<>/dev/tcp/${address}/50001`], { timeoutMs: 5000 })).code;
  expect(await open(cluster.controlPlane.address)).toBe(0);
  expect(await open(cluster.workers[0]?.address ?? '')).not.toBe(0);
});
