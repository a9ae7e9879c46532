import { expect, test } from '@jest/globals';
import type { BootInfo, BootRecord } from '@minos/api/minos';
import { isFault, silentLogger } from '@minos/base';
import { parseFixture, type SimulatedHost, simulatedHost } from '@minos/host/simulated';
import { eventually } from '@minos/testkit';
import { ADMIN, simulatedNode } from '../node-config/testing/running-node.ts';
import { FlightRecorder } from './flight-recorder.ts';
import { mayChange } from './record-writes.ts';

const DIRECTORY = '/var/log/boots';
const facts = (nonce: string) => ({ nonce, tag: 'v1' });

function machine(): SimulatedHost {
  const fixture = parseFixture({});
  if (!fixture.ok) throw new Error('the fixture is wrong');
  return simulatedHost(fixture.value);
}

function open({ files, clock }: SimulatedHost): FlightRecorder {
  return new FlightRecorder({ files, clock, log: silentLogger, bootDirectory: DIRECTORY, logDirectory: '/var/log' });
}

const cases = (records: readonly BootRecord[]): string[] => records.map(({ what }) => what?.$case ?? 'nothing');

test('a recorder whose file was cut at any byte opens, has lost at most the last record, and goes on', async () => {
  await using host = machine();
  {
    await using recorder = open(host);
    recorder.record({ $case: 'configDigest', value: 'abc' });
    await recorder.open(facts('one'));
    await recorder.end('reboot');
  }
  const path = `${DIRECTORY}/boot-00000001.rec`;
  const whole = await host.files.read(path);
  for (let cut = 0; cut < whole.length; cut++) {
    await host.files.write(path, whole.subarray(0, cut));
    await using recorder = open(host);
    const before = cases((await recorder.boots())[0]?.records ?? []);
    expect(['begin', 'configDigest', 'end'].slice(0, before.length)).toEqual(before);
    await recorder.open(facts('one'));
    await recorder.end('shutdown');
    const after = cases((await recorder.boots())[0]?.records ?? []);
    if (before.length > 0) expect(after).toEqual([...before, 'resumed', 'end']);
    else expect(after).toEqual(['begin', 'end']);
    await recorder[Symbol.asyncDispose]();
    for (const name of await host.files.list(DIRECTORY)) await host.files.remove(`${DIRECTORY}/${name}`);
  }
});

test('the last ten boots are kept, and each keeps the end of the logs that it left', async () => {
  await using host = machine();
  for (let boot = 1; boot <= 13; boot++) {
    await using recorder = open(host);
    await recorder.open(facts(`boot ${boot}`));
    const log = await host.files.append('/var/log/apid.log');
    await log.write(Buffer.from(`${boot % 2 === 0 ? 'x'.repeat(100_000) : ''}of boot ${boot}\n`));
    await log[Symbol.asyncDispose]();
  }
  await using recorder = open(host);
  const boots = await recorder.boots();
  expect(boots.map(({ boot }) => boot)).toEqual([0, -1, -2, -3, -4, -5, -6, -7, -8, -9]);
  const tails = boots.map(({ records }) => {
    const log = records.find(({ what }) => what?.$case === 'log')?.what;
    return log?.$case === 'log' ? log.value.bytes.toString() : undefined;
  });
  expect(tails[0]).toBeUndefined();
  expect(tails[1]).toHaveLength(64 * 1024);
  expect(tails[1]).toMatch(/x+of boot 12\n$/);
  expect(tails[2]).toBe('of boot 11\n');
});

test('calls that may change the node are told from those that only look', () => {
  const paths = ['Reboot', 'ApplyConfiguration', 'ServiceStop', 'MetaWrite', 'Read', 'Version', 'Logs'];
  expect(paths.filter((name) => mayChange(`/machine.MachineService/${name}`))).toEqual(paths.slice(0, 4));
});

test('a node tells what it did in this boot: phases with their times, configuration, services, and calls with their callers', async () => {
  await using it = await simulatedNode();
  const node = await it.start();
  await node.untilReady();
  await node.machine.ServiceRestart({ id: 'networkd' }, { metadata: { ...ADMIN.metadata, proxyfrom: '10.5.0.2' } });
  const boot = await eventually(
    async () => {
      const [found] = (await node.diagnosis.Boots({}, ADMIN)).boots;
      expect(stepsOf(found)).toContain('boot/');
      return found;
    },
    { withinMs: 5000 },
  );
  expect(stepsOf(boot)).toEqual(expect.arrayContaining(['initialize/identity', 'initialize/', 'boot/network', 'boot/']));
  const all = boot?.records.flatMap(({ what }) => (what === undefined ? [] : [what])) ?? [];
  expect(all[0]).toMatchObject({ $case: 'begin', value: { tag: 'v1.14.0+minos.0.1.0' } });
  expect(all.filter(({ $case }) => $case === 'configDigest')).toHaveLength(1);
  expect(all).toContainEqual({
    $case: 'call',
    value: { method: '/machine.MachineService/ServiceRestart', roles: ['os:admin'], peer: '10.5.0.2' },
  });
  expect(all).toContainEqual(
    expect.objectContaining({ $case: 'service', value: expect.objectContaining({ service: 'networkd', state: 'finished' }) }),
  );
});

test('after a reboot the boot before tells why it ended, and what its services logged', async () => {
  await using it = await simulatedNode();
  const node = await it.start();
  await node.untilReady();
  await node.machine.Reboot({ mode: 0 }, ADMIN);
  expect(await it.world.host.powered).toBe('reboot');
  await node.stop();
  await it.world.host.files.remove('/run/machined', { recursive: true });
  const next = await it.start();
  const { boots } = await eventually(
    async () => {
      const answer = await next.diagnosis.Boots({}, ADMIN);
      expect(answer.boots.map(({ boot }) => boot)).toEqual([0, -1]);
      return answer;
    },
    { withinMs: 5000 },
  );
  expect(boots[1]?.records.flatMap(({ what }) => (what?.$case === 'end' ? [what.value] : []))).toEqual(['reboot']);
  const { bytes } = await next.diagnosis.BootLog({ boot: -1, service: 'networkd' }, ADMIN);
  expect(bytes.toString()).toContain('networkd of the simulation');
  const none = await next.diagnosis.BootLog({ boot: -2, service: 'networkd' }, ADMIN).catch((e: unknown) => e);
  expect(isFault(none, 'missing')).toBe(true);
});

function stepsOf(boot: BootInfo | undefined): string[] {
  return (boot?.records ?? []).flatMap(({ what }) =>
    what?.$case === 'step' ? [`${what.value.sequence}/${what.value.phase}`] : [],
  );
}
