import { access, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Scope } from '@minos/base';
import { eventually, tempDir } from '@minos/testkit';
import { claimSubnet } from '../../harness/free-subnet.ts';
import { mustRun, type RunResult, run } from '../../harness/run.ts';
import { noteFigure } from '../harness/figure.ts';
import { buildVm } from '../harness/vm.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const MINOSCTL = join(ROOT, 'node_modules/.bin/minosctl');
const WORKERS = 2;
/** Three emulated machines, one after the other, on a machine that has other things to do. */
const CREATE_MS = 900_000;
/** Bridges and taps. */
const isRoot = process.getuid?.() === 0;
const test_ = isRoot ? test : test.skip;

const scope = new Scope();
const cluster = { dir: '', name: `vms-${process.pid}`, flags: [] as readonly string[], address: (_host: number): string => '' };

const clusterCommand = (verb: string, args: readonly string[] = [], timeoutMs = 120_000): Promise<RunResult> =>
  run(MINOSCTL, ['cluster', verb, ...cluster.flags, ...args], { timeoutMs, cwd: ROOT });
const create = (): Promise<RunResult> =>
  clusterCommand(
    'create',
    ['--provisioner', 'qemu', '--workers', String(WORKERS), '--memory', '256', '--timeout', '600'],
    CREATE_MS,
  );
const ask = (args: readonly string[]): Promise<string> =>
  mustRun(MINOSCTL, ['--minosconfig', join(cluster.dir, 'config'), ...args], { cwd: ROOT, timeoutMs: 60_000 });
const addresses = (): string[] => Array.from({ length: WORKERS + 1 }, (_, i) => cluster.address(2 + i));

async function pidsShown(): Promise<number[]> {
  const { stdout } = await clusterCommand('show');
  return [...stdout.matchAll(/ (?:running|stopped) +(\d+|-) /g)].map(([, pid]) => Number(pid === '-' ? 0 : pid));
}

beforeAll(async () => {
  if (!isRoot) {
    process.stdout.write('clusters of machines need root: bridges and taps are made\n');
    return;
  }
  await buildVm();
  const temp = scope.use(await tempDir('vms'));
  const subnet = scope.use(await claimSubnet()).number;
  cluster.dir = join(temp.path, 'cluster');
  cluster.address = (host) => `10.5.${subnet}.${host}`;
  cluster.flags = ['--name', cluster.name, '--state-dir', cluster.dir, '--subnet', `10.5.${subnet}.0/24`];
}, 240_000);
afterAll(async () => {
  if (isRoot) await clusterCommand('destroy');
  await scope.close();
}, 180_000);

test_(
  'three machines form a cluster by token, and one command answers for all three',
  async () => {
    const from = performance.now();
    const created = await create();
    expect(`${created.code} ${created.stderr}`).toMatch(/^0 /);
    await noteFigure('clusterOfThreeReadyS', Math.round((performance.now() - from) / 1000));
    const version = await ask(['version']);
    for (const address of addresses()) expect(version).toMatch(new RegExp(`^${address} .* metal `, 'm'));
    const members = await ask(['-n', cluster.address(2), 'get', 'members']);
    for (const name of ['cp-1', 'worker-1', 'worker-2']) expect(members).toContain(`${cluster.name}-${name}`);
  },
  CREATE_MS,
);

test_('each machine is a process of its own that cluster show names, with a kernel of its own', async () => {
  const pids = await pidsShown();
  expect(new Set(pids).size).toBe(WORKERS + 1);
  const bootIds = await Promise.all(addresses().map((address) => ask(['-n', address, 'cat', '/proc/sys/kernel/random/boot_id'])));
  expect(new Set(bootIds).size).toBe(WORKERS + 1);
});

test_(
  'a machine whose QEMU was killed is started by create again, and is the node that it was',
  async () => {
    const worker = cluster.address(4);
    const identity = await ask(['-n', worker, 'get', 'identities', '-o', 'yaml']);
    const before = await pidsShown();
    process.kill(before[2] ?? Number.NaN, 'SIGKILL');
    await eventually(async () => expect((await pidsShown())[2]).toBe(0), { withinMs: 20_000 });
    const again = await create();
    expect(`${again.code} ${again.stderr}`).toMatch(/^0 /);
    const after = await pidsShown();
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[2]).not.toBe(before[2]);
    expect(await ask(['-n', worker, 'get', 'identities', '-o', 'yaml'])).toContain(
      /nodeId: (\S+)/.exec(identity)?.[1] ?? 'no id',
    );
  },
  CREATE_MS,
);

test_(
  'destroy leaves no process, no link and no file',
  async () => {
    const pids = await pidsShown();
    expect(await clusterCommand('destroy')).toMatchObject({ code: 0, stdout: `cluster "${cluster.name}" is gone\n` });
    // One that nobody has reaped yet has no arguments any more.
    for (const pid of pids) expect(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).toBe('');
    await expect(access(cluster.dir)).rejects.toThrow();
    expect(await mustRun('ip', ['-br', 'address'])).not.toContain(cluster.address(1));
    expect((await clusterCommand('show')).stderr).toContain('there is no cluster');
  },
  240_000,
);
