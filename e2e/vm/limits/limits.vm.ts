import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { seededRandom } from '../corruption/image-parts.ts';
import { noteFigure } from '../harness/figure.ts';
import { buildVm, startVm, type TestVm } from '../harness/vm.ts';

const MEMORY_MIB = 256;
const SERVICES = ['networkd', 'apid', 'trustd'] as const;
const SEED = Number(process.env['MINOS_SEED'] ?? 1);
const KILLS = Number(process.env['MINOS_KILLS'] ?? 100);
/** Between two kills it is asked whether the API answers only now and then; the others hit a machined that is just starting. */
const ASK_EVERY = 20;
const LONGEST_LIFE_MS = 3000;
const SIGKILL = 9;
const BOOT = { withinMs: 180_000, everyMs: 200 };
const SOON = { withinMs: 240_000, everyMs: 200 };
/** Longer than the pause between two samples of memory. */
const SAMPLED_MS = 12_000;

let vm: TestVm;
beforeAll(async () => {
  await buildVm();
  vm = await startVm({ name: 'minos-limits', port: 21_565, memoryMib: MEMORY_MIB });
}, 240_000);
afterAll(async () => {
  await vm?.[Symbol.asyncDispose]();
}, 60_000);

const pids = (): Promise<string[]> => Promise.all(SERVICES.map((name) => vm.agent.ask(`pid ${name}`)));
const ask = (args: readonly string[]): Promise<string> => vm.ask(args, { timeoutMs: 30_000 });
const isReady = (within: typeof SOON): Promise<void> =>
  eventually(async () => {
    expect((await ask(['services'])).match(/Running +OK/g)).toHaveLength(SERVICES.length + 1);
  }, within);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
async function memoryKib(name: string): Promise<number> {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(await ask(['cat', '/proc/meminfo']))?.[1]);
}
const memory = async (name: string): Promise<number> => Math.round(((await memoryKib(name)) * 1024) / 1e6);
const memoryMib = async (): Promise<number> => (await memoryKib('MemTotal')) / 1024;

/** Starves a program until V8 gives up, and waits until another has taken its place and the node is ready. */
async function starve(name: string): Promise<void> {
  const starved = (await vm.agent.ask(`starve ${name}`)).split(' ')[1];
  await eventually(async () => {
    // Whatever it is asked for takes memory; that it does not answer is the point.
    await vm.minosctl(['get', 'members', '-o', 'yaml'], { timeoutMs: 10_000 });
    const now = (await vm.agent.ask(`pid ${name}`)).split(' ')[1];
    expect([starved, '0']).not.toContain(now);
  }, SOON);
  await isReady(SOON);
}

test(`a machine with ${MEMORY_MIB} MiB boots, and all services run`, async () => {
  await isReady(BOOT);
  await noteFigure('limitsReadyS', Number(((performance.now() - vm.startedMs) / 1000).toFixed(1)));
  const [total, available] = [await memory('MemTotal'), await memory('MemAvailable')];
  await noteFigure('limitsUsedMb', total - available);
  expect(available).toBeGreaterThan(40);
});

test('every service has the limits of the table, and its memory is counted', async () => {
  const file = async (name: string): Promise<string> => (await ask(['cat', `/sys/fs/cgroup/${name}`])).trim();
  const MIB = 2 ** 20;
  const total = await memoryMib();
  expect(await file('cgroup.subtree_control')).toBe('cpu memory pids');
  for (const [service, min, low] of [
    ['apid', 16, 32],
    ['trustd', 8, 16],
    ['networkd', 8, 16],
  ] as const) {
    expect(await file(`system/${service}/memory.max`)).toBe(String(Math.floor((total * 3) / 8) * MIB));
    expect(await file(`system/${service}/memory.min`)).toBe(String(min * MIB));
    expect(await file(`system/${service}/memory.low`)).toBe(String(low * MIB));
    expect(await file(`system/${service}/memory.oom.group`)).toBe('1');
    expect(Number(await file(`system/${service}/memory.current`))).toBeGreaterThan(5 * MIB);
  }
  expect(await file('init/memory.min')).toBe(String(Math.floor(total / 8) * MIB));
  expect(await ask(['get', 'diagnostics'])).not.toContain('without memory and CPU limits');
});

test('a service that takes more memory than its cgroup may have is told as killed for that, with what it used before', async () => {
  await pause(SAMPLED_MS);
  const before = await pids();
  expect(await vm.agent.ask('fill system/apid 200')).toBe(`filled signal ${SIGKILL}`);
  await isReady(SOON);
  const after = await pids();
  expect([after[0], after[2]]).toEqual([before[0], before[2]]);
  expect(after[1]).not.toBe(before[1]);
  const told =
    /Process \d+ was killed by the kernel: out of memory \(limit (\d+) MiB, (\d+)(?:\.\d)? MiB in use at most, MiB before that, every 10 s: \d[\d ×,]*\)/;
  const shown = await ask(['service', 'apid']);
  process.stdout.write(`${told.exec(shown)?.[0] ?? shown}\n`);
  expect(shown).toMatch(told);
  const [, limit, most] = told.exec(shown) ?? [];
  expect(Number(limit)).toBe(Math.floor(((await memoryMib()) * 3) / 8));
  expect(Number(most)).toBeGreaterThan(Number(limit) - 2);
  // It would go on for ever; what there is comes at once.
  const events = await vm.minosctl(['events', '--tail', '200'], { timeoutMs: 15_000 });
  expect(events.stdout).toMatch(/was killed by the kernel: out of memory/);
  expect(await ask(['boots', '--verbose'])).toMatch(told);
}, 240_000);

test('V8 runs out of memory in apid: it is started again, and nobody else notices', async () => {
  const before = await pids();
  await starve('apid');
  const after = await pids();
  expect([after[0], after[2]]).toEqual([before[0], before[2]]);
  expect(await ask(['logs', 'apid'])).toMatch(/out of memory|bad_alloc|FATAL ERROR/i);
  expect(vm.console()).not.toContain('Kernel panic');
}, 240_000);

test('V8 runs out of memory in machined: it is started again, and services keep their pids', async () => {
  const before = await pids();
  await starve('machined');
  expect(await pids()).toEqual(before);
  await eventually(async () => expect(await ask(['logs', 'machined'])).toMatch(/out of memory|bad_alloc|FATAL ERROR/i), SOON);
  expect(vm.console()).not.toContain('Kernel panic');
}, 240_000);

test(`machined is killed ${KILLS} times, at any moment of its life: no panic, and services keep their pids`, async () => {
  const random = seededRandom(SEED);
  const before = await pids();
  const backMs: number[] = [];
  let last = '';
  for (let i = 0; i < KILLS; i += 1) {
    const killed = await eventually(() => vm.agent.ask('kill machined'), SOON);
    expect(killed).not.toBe(last);
    last = killed;
    if (i % ASK_EVERY === ASK_EVERY - 1) {
      const from = performance.now();
      await eventually(() => ask(['version']), SOON);
      backMs.push(performance.now() - from);
    } else {
      await pause(random() * LONGEST_LIFE_MS);
    }
  }
  await isReady(SOON);
  expect(await pids()).toEqual(before);
  expect(vm.console()).not.toContain('Kernel panic');
  await noteFigure('machinedKills', KILLS);
  await noteFigure('apiBackAfterKillWorstMs', Math.round(Math.max(...backMs)));
  await noteFigure('usedAfterKillsMb', (await memory('MemTotal')) - (await memory('MemAvailable')));
}, 1_800_000);
