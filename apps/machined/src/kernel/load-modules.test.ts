import { expect, test } from '@jest/globals';
import { KernelModuleSpecSpec } from '@minos/api/resource-specs';
import { systemClock } from '@minos/base';
import { parseFixture, simulatedHost } from '@minos/host/simulated';
import { recordingLogger } from '@minos/testkit';
import { ServiceManager } from '../service/service-manager.ts';
import { loadModules, type ModuleMachine, missingModules } from './load-modules.ts';

const MODULES = ['br_netfilter', 'nf-conntrack', 'loop'].map((name) => KernelModuleSpecSpec.fromPartial({ name }));

async function machineWith(given: object): Promise<ModuleMachine & AsyncDisposable> {
  const log = recordingLogger();
  const fixture = parseFixture(given);
  if (!fixture.ok) throw new Error(JSON.stringify(fixture.problems));
  const host = simulatedHost(fixture.value, { clock: systemClock });
  const life = new AbortController();
  const supervisor = await host.openSupervisor();
  const services = new ServiceManager({
    clock: systemClock,
    log,
    supervisor,
    events: supervisor.events(life.signal),
    adopted: [],
    ends: { begin: async () => undefined, explain: async () => undefined },
    onChange: () => undefined,
  });
  const following = services.followSupervisor(() => undefined);
  return {
    host,
    clock: systemClock,
    log,
    supervisor,
    services,
    [Symbol.asyncDispose]: async () => {
      life.abort();
      await following.catch(() => undefined);
      await services[Symbol.asyncDispose]();
      await supervisor[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
    },
  };
}

test('a module that is loaded, under either spelling, or is a part of the kernel needs no loading', async () => {
  await using machine = await machineWith({
    kernelRelease: '6.1',
    files: { '/lib/modules/6.1/modules.builtin': { content: 'kernel/drivers/block/loop.ko\n' } },
  });
  expect((await missingModules(machine, MODULES, ['nf_conntrack'])).map(({ name }) => name)).toEqual(['br_netfilter']);
});

test('a module is loaded by modprobe, which init starts', async () => {
  await using machine = await machineWith({ programs: { modprobe: { exitAfterMs: 5, exit: { code: 0 } } } });
  expect(await loadModules(machine, MODULES)).toEqual([]);
  expect(await machine.supervisor.list()).toEqual([]);
});

test('what modprobe says of a module that it cannot load is told', async () => {
  await using machine = await machineWith({
    programs: { modprobe: { exitAfterMs: 5, exit: { code: 1 }, log: ['modprobe: FATAL: Module x not found'] } },
  });
  expect(await loadModules(machine, MODULES.slice(0, 1))).toEqual(['br_netfilter: modprobe: FATAL: Module x not found']);
});

test('a modprobe that does not end is killed', async () => {
  await using machine = await machineWith({ programs: { modprobe: {} } });
  const spec = { id: 'modprobe', argv: ['/sbin/modprobe'], env: {}, uid: 0, gid: 0, groups: [], capabilities: [] } as const;
  const limits = { cgroup: undefined, noFile: undefined, oomScoreAdj: undefined };
  await expect(machine.services.programs.run({ ...spec, ...limits }, 50)).rejects.toThrow(
    /did not end within 50 ms and was killed/,
  );
});
