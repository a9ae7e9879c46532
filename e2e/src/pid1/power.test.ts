import { execFile } from 'node:child_process';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import type { SpawnSpec } from '@minos/host';
import { eventually } from '@minos/testkit';
import { HeldNode } from './held-node.ts';

const run = promisify(execFile);
const DEAF: SpawnSpec = {
  id: 'deaf',
  argv: ['/usr/lib/minos/victim', 'deaf'],
  env: {},
  uid: 50,
  gid: 50,
  groups: [],
  capabilities: [],
  cgroup: undefined,
  noFile: undefined,
  oomScoreAdj: undefined,
};

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function cgroupsNamed(name: string): Promise<readonly string[]> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  const roots = mounts.filter(([, , type]) => type === 'cgroup2').map(([, at = '']) => at);
  const names = await Promise.all(roots.map((root) => readdir(root)));
  return names.flat().filter((found) => found === name);
}

test('a restart starts the node again with a new boot id, a power off leaves it down, and ending the holder leaves nothing', async () => {
  await using node = await HeldNode.start('probe', ['--veth', `mt${process.pid}`]);
  const bootId = (): Promise<string> => node.ask<string>({ op: 'read', path: '/proc/sys/kernel/random/boot_id' });
  const first = await bootId();
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\n$/);
  expect(await node.ask<string>({ op: 'read', path: '/proc/net/dev' })).toContain('eth0:');
  const { pid } = await node.status();
  await node.tell({ op: 'power', action: 'reboot' });
  await eventually(async () => expect(await node.status()).toMatchObject({ state: 'running', starts: 2 }), { withinMs: 15_000 });
  const second = await bootId();
  expect(second).not.toBe(first);
  expect((await node.status()).pid).not.toBe(pid);
  expect(await node.ask<string>({ op: 'read', path: '/proc/net/dev' })).toContain('eth0:');

  await node.ask({ op: 'spawn', spec: DEAF });
  await node.tell({ op: 'power', action: 'poweroff' });
  await eventually(async () => expect(await node.status()).toMatchObject({ state: 'stopped', pid: 0, starts: 2 }), {
    withinMs: 15_000,
  });

  expect(await cgroupsNamed(node.name)).toEqual([node.name]);
  node.signalHolder('SIGTERM');
  await eventually(() => expect(node.holderExit).toBe(0), { withinMs: 5_000 });
  expect(await cgroupsNamed(node.name)).toEqual([]);
  expect(await exists(join(node.directory, 'status'))).toBe(false);
  expect((await run('ip', ['-o', 'link'])).stdout).not.toContain(`mt${process.pid}`);
}, 90_000);

test('SIGTERM to PID 1 is handed to machined as a wish to power off, and SIGINT as one to restart', async () => {
  await using node = await HeldNode.start('probe');
  await node.ask({ op: 'info' });
  process.kill((await node.status()).pid, 'SIGINT');
  const expected = [{ kind: 'stop-requested', action: 'reboot' }];
  await eventually(async () => expect(await node.ask({ op: 'events' })).toEqual(expected), { withinMs: 5_000 });
  await node.tell({ op: 'die' });
  await eventually(async () => expect(await node.ask({ op: 'events' })).toEqual(expected), { withinMs: 5_000 });
}, 60_000);

test('a machined that does not come back does not keep the node from stopping, and the console says why it died', async () => {
  await using node = await HeldNode.start('probe', [
    '--',
    '/usr/bin/node',
    '--eval',
    'console.log("no luck"); process.exit(111)',
  ]);
  const { pid } = await eventually(() => node.status(), { withinMs: 5_000 });
  await eventually(async () => expect(await node.log()).toMatch(/no luck\ninit: machined ended \(exit code 111\)/), {
    withinMs: 10_000,
  });
  process.kill(pid, 'SIGTERM');
  await eventually(async () => expect(await node.status()).toMatchObject({ state: 'stopped', starts: 1 }), { withinMs: 20_000 });
}, 60_000);

test('a node goes with its holder, also when that is killed', async () => {
  await using node = await HeldNode.start('probe');
  await node.ask({ op: 'info' });
  const { pid } = await node.status();
  node.signalHolder('SIGKILL');
  await eventually(async () => expect(await exists(`/proc/${pid}`)).toBe(false), { withinMs: 5_000 });
}, 60_000);
