import { expect, test } from '@jest/globals';
import {
  GenerateClientConfigurationRequest,
  StorageServiceDefinition as MachineStorageServiceDefinition,
  RollbackRequest,
  StatsRequest,
} from '@minos/api/machine';
import { StorageServiceDefinition } from '@minos/api/storage';
import { TimeServiceDefinition } from '@minos/api/time';
import { isFault, messageOf } from '@minos/base';
import { metaKeyType, servicePidType } from '@minos/resource';
import { eventually } from '@minos/testkit';
import { ADMIN, simulatedNode } from '../node-config/testing/running-node.ts';

const WITHIN = { withinMs: 5000 };
const SYSTEM = StatsRequest.fromPartial({ namespace: 'system' });

async function failureOf(call: Promise<unknown>): Promise<string> {
  const e = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return `${isFault(e) ? e.kind : 'no fault'}: ${messageOf(e)}`;
}

test('META keeps what is written, shows it, and is there after a restart of machined', async () => {
  await using node = await simulatedNode();
  const first = await node.start();
  await first.machine.MetaWrite({ key: 0x0c, value: Buffer.from('rack 7') }, ADMIN);
  await eventually(async () => expect((await first.list(metaKeyType)).get('0x0c')?.value).toBe('rack 7'), WITHIN);
  expect(await failureOf(first.machine.MetaWrite({ key: 256, value: Buffer.alloc(0) }, ADMIN))).toContain('invalid');
  await first.stop();
  const second = await node.start();
  await eventually(async () => expect((await second.list(metaKeyType)).get('0x0c')?.value).toBe('rack 7'), WITHIN);
  await second.machine.MetaDelete({ key: 0x0c }, ADMIN);
  await eventually(async () => expect((await second.list(metaKeyType)).size).toBe(0), WITHIN);
  expect(await failureOf(second.machine.MetaDelete({ key: 0x0c }, ADMIN))).toContain('missing');
});

test('services stand for containers, with what they use and which process they are', async () => {
  await using node = await simulatedNode();
  const running = await node.start();
  await running.untilReady();
  const containers = (await running.machine.Containers(SYSTEM, ADMIN)).messages[0]?.containers ?? [];
  expect(containers.map(({ id, podId }) => [id, podId])).toEqual(['apid', 'machined', 'networkd'].map((id) => [id, id]));
  const stats = (await running.machine.Stats(SYSTEM, ADMIN)).messages[0]?.stats ?? [];
  expect(stats.map(({ id }) => id)).toEqual(['apid', 'machined', 'networkd']);
  expect((await running.machine.Stats({ ...SYSTEM, namespace: 'k8s.io' }, ADMIN)).messages[0]?.stats).toEqual([]);
  expect(await failureOf(running.machine.Stats({ ...SYSTEM, namespace: 'moby' }, ADMIN))).toContain('invalid');
  await eventually(async () => {
    const pids = await running.list(servicePidType);
    expect([...pids].map(([id, { pid }]) => [id, pid])).toEqual(
      containers.filter(({ id }) => id !== 'machined').map(({ id, pid }) => [id, pid]),
    );
  }, WITHIN);
});

test('disks and file systems are told', async () => {
  await using node = await simulatedNode();
  const running = await node.start();
  const disks = (await running.service(StorageServiceDefinition).Disks({}, ADMIN)).messages[0]?.disks ?? [];
  expect(disks).toEqual([expect.objectContaining({ deviceName: '/dev/vda', size: 21_474_836_480n })]);
  const storage = running.service(MachineStorageServiceDefinition);
  const space = await storage.Statfs({ path: '/system/state' }, ADMIN);
  expect(space.size).toBe(space.used + space.available);
  expect(await failureOf(storage.Statfs({ path: '/nowhere' }, ADMIN))).toContain('missing');
  expect(await failureOf(storage.Statfs({ path: 'relative' }, ADMIN))).toContain('invalid');
});

test('what this version does not do is refused with a sentence', async () => {
  await using node = await simulatedNode();
  const { machine, service } = await node.start();
  expect(await failureOf(machine.Rollback(RollbackRequest.fromPartial({}), ADMIN))).toMatch(/^precondition: .*boot slots/);
  const config = GenerateClientConfigurationRequest.fromPartial({});
  expect(await failureOf(machine.GenerateClientConfiguration(config, ADMIN))).toMatch(/^unimplemented: .*control planes/);
  const kubeconfig = async (): Promise<void> => {
    for await (const _data of machine.Kubeconfig({}, ADMIN)) return;
  };
  expect(await failureOf(kubeconfig())).toMatch(/^unimplemented: /);
  expect(await failureOf(service(StorageServiceDefinition).BlockDeviceWipe({ devices: [] }, ADMIN))).toContain('precondition');
  expect(await failureOf(service(TimeServiceDefinition).TimeCheck({ server: 'a b' }, ADMIN))).toContain('invalid');
});
