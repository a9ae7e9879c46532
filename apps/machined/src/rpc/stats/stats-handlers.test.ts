import { expect, test } from '@jest/globals';
import { silentLogger } from '@minos/base';
import { linuxHost } from '@minos/host/linux';
import type { CallContext } from '@minos/rpc';
import { statsHandlers } from './stats-handlers.ts';

const handlers = statsHandlers({ host: linuxHost(), log: silentLogger });
const context: CallContext = {
  method: '',
  metadata: { all: () => [], first: () => undefined },
  signal: new AbortController().signal,
  peer: '',
  roles: new Set(),
};

test('on this machine, every counter is there', async () => {
  const [memory] = (await handlers.Memory({}, context)).messages;
  expect(memory?.meminfo?.memtotal).toBeGreaterThan(0n);
  expect((await handlers.CPUInfo({}, context)).messages[0]?.cpuInfo.length).toBeGreaterThan(0);
  expect((await handlers.SystemStat({}, context)).messages[0]?.cpuTotal?.idle).toBeGreaterThan(0);
  expect((await handlers.NetworkDeviceStats({}, context)).messages[0]?.devices.map((device) => device.name)).toContain('lo');
  expect((await handlers.DiskStats({}, context)).messages[0]?.total?.name).toBe('total');
  expect((await handlers.LoadAvg({}, context)).messages).toHaveLength(1);
  expect((await handlers.CPUFreqStats({}, context)).messages[0]?.cpuFreqStats.length).toBeGreaterThan(0);
});

test('mounts have the space of their file system, and pseudo file systems none', async () => {
  const [mounts] = (await handlers.Mounts({}, context)).messages;
  const root = mounts?.stats.find((mount) => mount.mountedOn === '/');
  expect(root?.size).toBeGreaterThan(0n);
  expect(mounts?.stats.find((mount) => mount.mountedOn === '/proc')).toMatchObject({ filesystem: expect.any(String), size: 0n });
});
