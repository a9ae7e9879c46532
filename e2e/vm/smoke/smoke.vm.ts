import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { buildVm, startVm, type TestVm } from '../harness/vm.ts';

const SERVICES = ['networkd', 'apid', 'trustd'] as const;
const KILLS = 5;
/** SIGKILL, from the kernel when a cgroup has no memory left. */
const SIGKILL = 9;
const BOOT = { withinMs: 90_000, everyMs: 100 };
const SOON = { withinMs: 40_000, everyMs: 100 };

let vm: TestVm;
beforeAll(async () => {
  await buildVm();
  vm = await startVm({ name: 'minos-smoke', port: 21_561, kernelArguments: ['NODE_OPTIONS=--version', 'surprise=1', 'single'] });
}, 180_000);
afterAll(async () => {
  await vm?.[Symbol.asyncDispose]();
}, 60_000);

const pids = (): Promise<string[]> => Promise.all(SERVICES.map((name) => vm.agent.ask(`pid ${name}`)));
const answers = async (within: typeof SOON): Promise<string> =>
  eventually(() => vm.ask(['version'], { timeoutMs: 10_000 }), within);
const isReady = async (within: typeof SOON): Promise<string> =>
  eventually(async () => {
    const text = await vm.ask(['services'], { timeoutMs: 10_000 });
    expect(text.match(/Running +OK/g)).toHaveLength(SERVICES.length + 1);
    return text;
  }, within);
const bootId = async (): Promise<string> => (await vm.ask(['cat', '/proc/sys/kernel/random/boot_id'])).trim();

test('it boots from a configuration disk, says so on its console, and answers over TLS', async () => {
  const version = await answers(BOOT);
  process.stdout.write(`first answer ${((performance.now() - vm.startedMs) / 1000).toFixed(1)} s after QEMU was started\n`);
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
  expect((await vm.ask(['ls', '/sbin'])).match(/\S+$/gm)?.slice(1).sort()).toEqual(['init', 'wrapperd']);
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
}, 120_000);

test(`machined is killed ${KILLS} times: no service notices, and the API is back each time`, async () => {
  const before = await pids();
  const backMs: number[] = [];
  for (let i = 0; i < KILLS; i += 1) {
    const killed = await eventually(() => vm.agent.ask('kill machined'), SOON);
    const from = performance.now();
    await eventually(async () => {
      const now = await vm.agent.ask('pid machined');
      expect(killed.endsWith(` ${now.split(' ')[1]}`)).toBe(false);
      await vm.ask(['version'], { timeoutMs: 10_000 });
    }, SOON);
    backMs.push(performance.now() - from);
  }
  process.stdout.write(`API back after a kill: worst ${Math.round(Math.max(...backMs))} ms\n`);
  expect(await pids()).toEqual(before);
  expect(vm.console()).not.toContain('Kernel panic');
}, 240_000);

test('it restarts when asked, with the state that it had and a new boot id', async () => {
  const before = { bootId: await bootId(), config: await vm.ask(['cat', '/system/state/config.yaml']) };
  await vm.minosctl(['reboot'], { timeoutMs: 100_000 });
  await isReady(BOOT);
  expect(await bootId()).not.toBe(before.bootId);
  expect(await vm.ask(['cat', '/system/state/config.yaml'])).toBe(before.config);
  expect(await vm.ask(['cat', '/system/state/boot-count'])).toBe('2\n');
  expect(vm.console()).not.toContain('EXT4-fs error');
}, 240_000);

test('it turns itself off when asked, and QEMU ends', async () => {
  await vm.minosctl(['shutdown'], { timeoutMs: 60_000 });
  expect((await vm.ended).code).toBe(0);
  expect(vm.console()).toContain('reboot: Power down');
}, 120_000);
