import { expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { ADMIN, type RunningNode, type SimulatedNode, simulatedNode } from '../node-config/testing/running-node.ts';

const FILE = '/var/log/kernel.log';
const WITHIN = { withinMs: 10_000 };

const said = async (it: SimulatedNode): Promise<string[]> => {
  const text = await it.world.host.files.readText(FILE).catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.slice(line.indexOf(']: ') + 3));
};

async function kernelLogOf(node: RunningNode, boot: number): Promise<string> {
  return (await node.diagnosis.BootLog({ boot, service: 'kernel' }, ADMIN)).bytes.toString();
}

test('what the kernel says is kept once, whoever kills machined, and can be read after the boot', async () => {
  await using it = await simulatedNode();
  const node = await it.start();
  await node.untilReady();
  it.world.host.act({ do: 'log-kernel', severity: 6, message: 'first' });
  await eventually(async () => expect(await said(it)).toContain('first'), WITHIN);
  await node.stop();
  it.world.host.act({ do: 'log-kernel', severity: 6, message: 'while machined was away' });
  const again = await it.start();
  await eventually(async () => expect((await said(it)).at(-1)).toBe('while machined was away'), WITHIN);
  it.world.host.act({ do: 'log-kernel', severity: 4, message: 'last' });
  await eventually(async () => expect((await said(it)).at(-1)).toBe('last'), WITHIN);
  expect((await said(it)).filter((line) => ['first', 'while machined was away', 'last'].includes(line))).toHaveLength(3);
  await again.machine.Reboot({ mode: 0 }, ADMIN);
  await it.world.host.powered;
  await again.stop();
  await it.world.host.files.remove('/run/machined', { recursive: true });
  const next = await it.start();
  const log = await eventually(() => kernelLogOf(next, -1), WITHIN);
  expect(log).toMatch(/first\n.*while machined was away\n.*last\n$/);
});
