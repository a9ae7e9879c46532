import { expect, test } from '@jest/globals';
import { ResetRequest, UpgradeRequest, ResetRequest_WipeMode as WipeMode } from '@minos/api/machine';
import { isFault } from '@minos/base';
import { eventually } from '@minos/testkit';
import { ADMIN, type RunningNode, type SimulatedNode, simulatedNode } from '../node-config/testing/running-node.ts';
import { planReset } from './reset-request.ts';

const CONTAINER = { disks: [] };
const ask = (fields: Parameters<typeof ResetRequest.fromPartial>[0]): ResetRequest => ResetRequest.fromPartial(fields);
const names = async (it: SimulatedNode, path: string): Promise<readonly string[]> =>
  it.world.host.files.list(path).catch(() => []);

test('without labels all that the node wrote is wiped; with labels only that', () => {
  expect(planReset(ask({}), CONTAINER)).toEqual({ kind: 'reset', labels: ['STATE', 'EPHEMERAL'], end: 'shutdown' });
  const some = ask({ systemPartitionsToWipe: [{ label: 'EPHEMERAL', wipe: true }, { label: 'STATE' }], reboot: true });
  expect(planReset(some, CONTAINER)).toEqual({ kind: 'reset', labels: ['EPHEMERAL'], end: 'reboot' });
});

test.each([
  ['user disks', ask({ userDisksToWipe: ['/dev/sdb'] }), CONTAINER, 'wipes no user disks'],
  ['only user disks', ask({ mode: WipeMode.USER_DISKS }), CONTAINER, 'wipes no user disks'],
  [
    'a partition that is not there',
    ask({ systemPartitionsToWipe: [{ label: 'BOOT', wipe: true }] }),
    CONTAINER,
    'no partition BOOT',
  ],
  ['a disk', ask({}), { disks: [{ label: 'STATE', device: '/dev/vdb' }] }, 'STATE on /dev/vdb'],
])('a reset of %s is refused with a sentence', (_name, request, ground, sentence) => {
  expect(() => planReset(request, ground)).toThrow(sentence);
});

test('a reset stops the services, wipes what the node wrote, and ends the machine as asked', async () => {
  await using it = await simulatedNode();
  const node = await it.start();
  await node.untilReady();
  expect(await names(it, '/system/state')).toContain('config.yaml');
  await node.machine.Reset(ask({ graceful: true, reboot: true }), ADMIN);
  expect(await it.world.host.powered).toBe('reboot');
  expect(await names(it, '/system/state')).toEqual([]);
  expect(await names(it, '/var')).toEqual([]);
});

test('of STATE all but META goes unless META is named too', async () => {
  await using it = await simulatedNode();
  const node = await it.start();
  await node.untilReady();
  await node.machine.MetaWrite({ key: 12, value: Buffer.from('rack 7') }, ADMIN);
  await node.machine.Reset(ask({ systemPartitionsToWipe: [{ label: 'STATE', wipe: true }] }), ADMIN);
  expect(await it.world.host.powered).toBe('poweroff');
  expect(await names(it, '/system/state')).toEqual(['meta']);
  expect(await names(it, '/var')).toContain('log');
});

const WAYS: readonly (readonly [string, string, (node: RunningNode) => Promise<unknown>])[] = [
  ['reboot', 'reboot', (node) => node.machine.Reboot({ mode: 0 }, ADMIN)],
  ['shutdown', 'poweroff', (node) => node.machine.Shutdown({ force: false }, ADMIN)],
  ['reset', 'poweroff', (node) => node.machine.Reset(ask({}), ADMIN)],
];

test.each(WAYS)(
  'a %s under way is completed by the next machined, wherever the last one was killed',
  async (name, power, start) => {
    for (const at of ['storeRequest', 'stopAllServices', 'holdDown']) {
      await using it = await simulatedNode();
      const node = await it.start();
      await node.untilReady();
      await start(node);
      await eventually(
        async () => {
          const { sequences } = await node.diagnosis.Sequences({}, ADMIN);
          const tasks = sequences.find((one) => one.name === name)?.phases.flatMap((phase) => phase.tasks) ?? [];
          expect(tasks.find((task) => task.name === at)?.progress).toBeGreaterThan(0);
        },
        { withinMs: 5000, everyMs: 5 },
      );
      await node.stop();
      const killed = it.world.host.powered;
      await it.start();
      expect([at, await killed]).toEqual([at, power]);
      if (name === 'reset') expect(await names(it, '/system/state')).toEqual([]);
    }
  },
  60_000,
);

test('a partition that is not there is told with what there is, before anything stops', async () => {
  await using it = await simulatedNode();
  const node = await it.start();
  await node.untilReady();
  const wrong = ask({ systemPartitionsToWipe: [{ label: 'BOOT', wipe: true }] });
  const e = await node.machine.Reset(wrong, ADMIN).catch((caught: unknown) => caught);
  expect(isFault(e, 'invalid')).toBe(true);
  const upgrade = await node.machine.Upgrade(UpgradeRequest.fromPartial({}), ADMIN).catch((caught: unknown) => caught);
  expect(isFault(upgrade, 'precondition')).toBe(true);
  await node.untilReady();
});
