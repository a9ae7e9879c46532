import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { buildVm, startVm, type TestVm } from '../harness/vm.ts';

/** On a quiet machine a boot takes 15 s; on one with other work several times that. */
const BOOT = { withinMs: 240_000, everyMs: 500 };
const SOON = { withinMs: 120_000, everyMs: 500 };
const UID = 53;

let vm: TestVm;
beforeAll(async () => {
  await buildVm();
  vm = await startVm({ name: 'minos-dashboard', port: 21_563, kernelArguments: ['console=tty0'] });
}, 300_000);
afterAll(async () => {
  await vm?.[Symbol.asyncDispose]();
}, 60_000);

const pid = async (): Promise<string> => {
  const line = (await vm.ask(['processes'])).split('\n').find((text) => text.includes('/sbin/dashboard')) ?? '';
  return /^\S+ +(\d+)/.exec(line)?.[1] ?? '';
};

test('a machine with a screen runs the dashboard, as a user of its own that may nothing', async () => {
  await eventually(async () => expect(await vm.ask(['services'])).toMatch(/dashboard +Running +OK/), BOOT);
  const status = await vm.ask(['cat', `/proc/${await pid()}/status`]);
  expect(status).toMatch(new RegExp(`^Uid:\\s+${UID}\\s+${UID}\\s+${UID}\\s+${UID}$`, 'm'));
  for (const set of ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(status).toMatch(new RegExp(`^${set}:\\s+0+$`, 'm'));
  expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
});

test('the second terminal is in front, and shows the node and its services', async () => {
  await eventually(async () => expect((await vm.ask(['cat', '/sys/class/tty/tty0/active'])).trim()).toBe('tty2'), SOON);
  await eventually(async () => {
    const screen = await vm.agent.ask('screen 2');
    expect(screen).toContain('minos-dashboard');
    expect(screen).toMatch(/apid +Running +OK/);
    expect(screen).toContain('F1 summary');
    process.stdout.write(`${(screen.match(/.{80}/g) ?? []).join('\n')}\n`);
  }, SOON);
});

test('it comes back when it is killed', async () => {
  const before = await pid();
  await vm.agent.ask('kill dashboard');
  await eventually(async () => {
    const now = await pid();
    expect(now).not.toBe('');
    expect(now).not.toBe(before);
    expect(await vm.ask(['services'])).toMatch(/dashboard +Running +OK/);
  }, SOON);
}, 180_000);
