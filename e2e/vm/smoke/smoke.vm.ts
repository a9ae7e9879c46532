import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { mustRun } from '../../harness/run.ts';
import { buildVm, ROOT, startVm, type TestVm } from '../harness/vm.ts';

const SERVICES = ['networkd', 'apid', 'trustd'] as const;
/** A hundred are in e2e/vm/limits; this story runs with every `npm test`. */
const KILLS = 2;
/** SIGKILL, from the kernel when a cgroup has no memory left. */
const SIGKILL = 9;
/** On a quiet machine a boot takes 15 s; on one with other work several times that. */
const BOOT = { withinMs: 240_000, everyMs: 200 };
const SOON = { withinMs: 120_000, everyMs: 200 };
const ANSWER_MS = 30_000;

let vm: TestVm;
beforeAll(async () => {
  await buildVm();
  vm = await startVm({ name: 'minos-smoke', port: 21_561, kernelArguments: ['NODE_OPTIONS=--version', 'surprise=1', 'single'] });
}, 300_000);
afterAll(async () => {
  await vm?.[Symbol.asyncDispose]();
}, 60_000);

const pids = (): Promise<string[]> => Promise.all(SERVICES.map((name) => vm.agent.ask(`pid ${name}`)));
const answers = async (within: typeof SOON): Promise<string> =>
  eventually(() => vm.ask(['version'], { timeoutMs: ANSWER_MS }), within);
const isReady = async (within: typeof SOON): Promise<string> =>
  eventually(async () => {
    const text = await vm.ask(['services'], { timeoutMs: ANSWER_MS });
    expect(text.match(/Running +OK/g)).toHaveLength(SERVICES.length + 1);
    return text;
  }, within);
/** What a listing of a folder shows, without the folder itself. */
const namesIn = (listing: string): string[] =>
  (listing.match(/\S+$/gm) ?? []).filter((name) => name !== 'NAME' && name !== '.').sort();
/** What the image of the machine has in a folder. */
async function packedIn(folder: string): Promise<string[]> {
  const listing = await mustRun('unsquashfs', ['-l', 'dist/image/rootfs.sqsh', folder], { cwd: ROOT });
  const below = `squashfs-root/${folder}/`;
  return listing
    .split('\n')
    .flatMap((line) => (line.startsWith(below) ? [line.slice(below.length)] : []))
    .sort();
}
/** Modules of the image with a parameter each, of which the kernel shows one and makes links of the other; and one that there is not. */
const MODULES = [
  { name: 'nbd', parameters: ['nbds_max=3'] },
  { name: 'dummy', parameters: ['numdummies=3'] },
  { name: 'no_such_module' },
];
const modulesAreLoaded = (): Promise<void> =>
  eventually(async () => {
    const loaded = await vm.ask(['get', 'loadedkernelmodules', '-o', 'json'], { timeoutMs: ANSWER_MS });
    for (const name of ['nbd', 'dummy']) expect(loaded).toMatch(new RegExp(`"id": *"${name}"`));
    expect((await vm.ask(['cat', '/sys/module/nbd/parameters/nbds_max'])).trim()).toBe('3');
    expect(namesIn(await vm.ask(['ls', '/sys/class/net']))).toEqual(expect.arrayContaining(['dummy0', 'dummy1', 'dummy2']));
    const told = await vm.ask(['get', 'diagnostics', '-o', 'yaml'], { timeoutMs: ANSWER_MS });
    expect(told).toMatch(
      /kernel modules cannot be loaded; change or remove them in the configuration: no_such_module: .*not found/,
    );
  }, SOON);
const bootId = async (): Promise<string> => (await vm.ask(['cat', '/proc/sys/kernel/random/boot_id'])).trim();

test('it boots from a configuration disk, says so on its console, and answers over TLS', async () => {
  const version = await answers(BOOT);
  expect(version).toContain('metal');
  await isReady(BOOT);
  await eventually(
    () =>
      expect(vm.console()).toMatch(
        /\[minos\] minos-smoke is up: address 10\.0\.2\.15, port 50000, certificate fingerprint \S{44}/,
      ),
    SOON,
  );
  expect(vm.console()).toContain('[minos] stage 1: image checked by verity');
  expect(vm.console()).toContain('[minos] phase network');
});

test('what runs is ours, and of what the kernel was told nothing reaches it', async () => {
  expect(namesIn(await vm.ask(['ls', '/sbin']))).toEqual(await packedIn('sbin'));
  expect(await vm.ask(['processes'])).toMatch(/ 1 .*\/sbin\/init metal$/m);
  expect(await vm.ask(['dmesg'])).toContain('[minos] stage 1: starting /sbin/init');
  expect(await vm.ask(['cat', '/proc/cmdline'])).toContain('NODE_OPTIONS=--version');
  expect(await vm.ask(['cat', '/proc/1/environ'])).toBe('');
  const machined = (await vm.agent.ask('pid machined')).split(' ')[1];
  expect(
    (await vm.ask(['cat', `/proc/${machined}/environ`]))
      .split('\0')
      .filter((v) => v !== '')
      .sort(),
  ).toEqual(['HOME=/', 'PATH=/usr/bin:/usr/sbin:/bin:/sbin', 'TMPDIR=/tmp']);
});

test('STATE and EPHEMERAL are the labelled volumes, and the root cannot be written', async () => {
  const mounts = await vm.ask(['cat', '/proc/mounts']);
  expect(mounts).toMatch(/^\/dev\/dm-0 \/ squashfs ro,/m);
  expect(mounts).toMatch(/^\/dev\/vd. \/system\/state ext4 rw,nosuid,nodev,noexec/m);
  expect(mounts).toMatch(/^\/dev\/vd. \/var ext4 rw,nosuid,nodev/m);
});

test('modules of a configuration are loaded without a restart, with their parameters; one that there is not is told and stops nothing', async () => {
  expect(await vm.ask(['get', 'loadedkernelmodules', '-o', 'json'])).not.toMatch(/"id": *"(nbd|dummy)"/);
  const patch = JSON.stringify({ machine: { kernel: { modules: MODULES } } });
  const apply = ['apply-config', '-f', join(vm.dir, 'config.yaml'), '--mode', 'no-reboot', '-p', patch];
  await vm.ask(apply, { timeoutMs: 120_000 });
  await modulesAreLoaded();
  const wanted = await vm.ask(['get', 'kernelmodulespecs', '-o', 'json']);
  for (const { name } of MODULES) expect(wanted).toMatch(new RegExp(`"id": *"${name}"`));
  await isReady(SOON);
}, 400_000);

test('a service that takes more memory than its cgroup may have is killed and started again, and nobody else notices', async () => {
  const file = (name: string): Promise<string> => vm.ask(['cat', `/sys/fs/cgroup/system/apid/${name}`]);
  expect((await file('memory.max')).trim()).toBe(String(128 * 2 ** 20));
  const before = await pids();
  expect(await vm.agent.ask('fill system/apid 200')).toBe(`filled signal ${SIGKILL}`);
  await isReady(SOON);
  const after = await pids();
  expect([after[0], after[2]]).toEqual([before[0], before[2]]);
  expect(after[1]).not.toBe(before[1]);
  expect(await file('memory.events')).toMatch(/^oom_group_kill 1$/m);
}, 300_000);

test(`machined is killed ${KILLS} times: no service notices, and the API is back each time`, async () => {
  const before = await pids();
  const backMs: number[] = [];
  for (let i = 0; i < KILLS; i += 1) {
    const killed = await eventually(() => vm.agent.ask('kill machined'), SOON);
    const from = performance.now();
    await eventually(async () => {
      const now = await vm.agent.ask('pid machined');
      expect(killed.endsWith(` ${now.split(' ')[1]}`)).toBe(false);
      await vm.ask(['version'], { timeoutMs: ANSWER_MS });
    }, SOON);
    backMs.push(performance.now() - from);
  }
  process.stdout.write(`API back after a kill: worst ${Math.round(Math.max(...backMs))} ms\n`);
  expect(await pids()).toEqual(before);
  expect(vm.console()).not.toContain('Kernel panic');
}, 600_000);

test('it restarts when asked, with the state that it had and a new boot id', async () => {
  const before = { bootId: await bootId(), config: await vm.ask(['cat', '/system/state/config.yaml']) };
  await vm.minosctl(['reboot', '--force'], { timeoutMs: 240_000 });
  await isReady(BOOT);
  expect(await bootId()).not.toBe(before.bootId);
  expect(await vm.ask(['cat', '/system/state/config.yaml'])).toBe(before.config);
  expect(await vm.ask(['cat', '/system/state/boot-count'])).toBe('2\n');
  expect(vm.console()).not.toContain('EXT4-fs error');
  await modulesAreLoaded();
}, 600_000);

test('it turns itself off when asked, and QEMU ends', async () => {
  await vm.minosctl(['shutdown', '--force'], { timeoutMs: 180_000 });
  expect((await vm.ended).code).toBe(0);
  expect(vm.console()).toContain('reboot: Power down');
}, 300_000);
