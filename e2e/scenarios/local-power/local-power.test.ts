import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '@minos/base';
import { eventually } from '@minos/testkit';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { type RunResult, run } from '../../harness/run.ts';

const BACK = { withinMs: 90_000, everyMs: 250 };
const STAYS_DOWN_MS = 5000;
const NOBODY = 65_534;

let cluster: Cluster;
let at: readonly string[];
beforeAll(async () => {
  cluster = await startCluster({ name: 'local-power', workers: 0 });
  at = ['-n', cluster.controlPlane.address];
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

/** Runs a program of the node inside it, with what the kernel would give it. */
async function inNode(args: readonly string[], uid = 0): Promise<RunResult> {
  const target = String(await cluster.controlPlane.pid1());
  const entering = ['-i', 'nsenter', '-t', target, '-m', '-p', '-n', '-S', String(uid), '-G', String(uid), '--', ...args];
  return await run('env', entering, { timeoutMs: 60_000 });
}

async function answer(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await cluster.minosctl([...at, ...args], { timeoutMs: 20_000 });
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

const bootId = (): Promise<string> => answer(['cat', '/proc/sys/kernel/random/boot_id']);

test('what root of the node asks with /sbin/reboot happens, and who it was is recorded', async () => {
  const before = await bootId();
  const { code, stderr } = await inNode(['/sbin/reboot']);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(/^reboot: the node restarts; the events of actor \S{36} /),
  });
  await eventually(async () => expect(await bootId()).not.toBe(before), BACK);
  expect(await answer(['boots', '--verbose'])).toMatch(/MachineService\/Reboot by os:operator through local root/);
}, 150_000);

test('what means nothing, and who is not root, is told so, and nothing happens', async () => {
  const pid1 = await cluster.controlPlane.pid1();
  const wrong = await inNode(['/sbin/shutdown', '-h', 'now']);
  expect(wrong).toMatchObject({
    code: 100,
    stderr: expect.stringMatching(/^shutdown: nothing was asked for[\s\S]*--poweroff[\s\S]*-h/),
  });
  // The executable is of root and for execution only; everybody may run it.
  const stranger = await inNode(['/sbin/poweroff'], NOBODY);
  expect(stranger).toMatchObject({ code: 111, stderr: expect.stringContaining('only root of the node is let in') });
  expect(await cluster.controlPlane.pid1()).toBe(pid1);
  expect(await answer(['version'])).not.toBe('');
}, 120_000);

test('after /sbin/poweroff the node is down, and stays down', async () => {
  expect(await inNode(['/sbin/poweroff'])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('goes down, and stays down'),
  });
  const isDown = (): Promise<void> => expect(cluster.controlPlane.pid1()).rejects.toThrow('is down');
  await eventually(isDown, BACK);
  await systemClock.sleep(STAYS_DOWN_MS, new AbortController().signal);
  await isDown();
}, 120_000);
