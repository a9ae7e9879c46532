import { expect, test } from '@jest/globals';
import { parseFixture, type SimulatedHost, simulatedHost } from '@minos/host/simulated';
import { eventually, recordingLogger, VirtualClock } from '@minos/testkit';
import { MemoryWatch } from './memory-watch.ts';

const GROUP = '/sys/fs/cgroup/system/apid';
const MIB = 2 ** 20;
const SOON = { withinMs: 5000 };
const KILLED = { kind: 'signalled', signal: 'SIGKILL', coreDumped: false } as const;

interface Kernel {
  readonly mib: number;
  readonly peakMib?: number;
  readonly hits?: number;
  readonly kills?: number;
}

async function setMemory(host: SimulatedHost, { mib, peakMib = mib, hits = 0, kills = 0 }: Kernel): Promise<void> {
  await host.files.makeDirectory(GROUP);
  await host.files.write(`${GROUP}/memory.current`, `${mib * MIB}\n`);
  await host.files.write(`${GROUP}/memory.peak`, `${Math.round(peakMib * MIB)}\n`);
  await host.files.write(`${GROUP}/memory.max`, `${128 * MIB}\n`);
  await host.files.write(`${GROUP}/memory.events`, `low 0\nhigh 0\nmax 9\noom ${hits}\noom_kill ${kills}\n`);
}

function open(): { host: SimulatedHost; clock: VirtualClock; watch: () => MemoryWatch } {
  const fixture = parseFixture({});
  if (!fixture.ok) throw new Error(JSON.stringify(fixture.problems));
  const clock = new VirtualClock();
  const host = simulatedHost(fixture.value, { clock });
  let kept: Readonly<Record<string, number>> = {};
  const keep = async (known: Readonly<Record<string, number>>): Promise<void> => {
    kept = known;
  };
  const watch = (): MemoryWatch => new MemoryWatch({ files: host.files, clock, log: recordingLogger(), known: () => kept, keep });
  return { host, clock, watch };
}

test('a kill by the limit is told with the limit, the most that was in use, and what was in use before', async () => {
  const it = open();
  await using host = it.host;
  const watch = it.watch();
  await setMemory(host, { mib: 61 });
  await watch.begin('apid');
  const stop = new AbortController();
  const running = watch.run(() => ['apid'], stop.signal);
  for (const [i, mib] of [61, 90, 121].entries()) {
    await eventually(() => expect(watch.history('apid').samples).toHaveLength(i + 1), SOON);
    await setMemory(host, { mib: [90, 121, 127][i] ?? mib });
    await it.clock.advance(10_000);
  }
  await eventually(() => expect(watch.history('apid').samples).toHaveLength(4), SOON);
  stop.abort();
  await running;
  await setMemory(host, { mib: 1, peakMib: 127.9, hits: 1, kills: 1 });
  expect(await watch.explain('apid', KILLED)).toBe(
    'was killed by the kernel: out of memory (limit 128 MiB, 127.9 MiB in use at most, MiB before that, every 10 s: 61, 90, 121, 127)',
  );
});

test('a kill that is told is not told again, and one by somebody else is none of it', async () => {
  const it = open();
  await using host = it.host;
  const watch = it.watch();
  await setMemory(host, { mib: 61, kills: 1, hits: 1 });
  expect(await watch.explain('apid', KILLED)).toContain('out of memory');
  expect(await watch.explain('apid', KILLED)).toBeUndefined();
  await setMemory(host, { mib: 61, kills: 2, hits: 2 });
  await watch.begin('apid');
  expect(await watch.explain('apid', KILLED)).toBeUndefined();
});

test('what was killed while machined was away is told by the next one, once', async () => {
  const it = open();
  await using host = it.host;
  await setMemory(host, { mib: 61, kills: 4, hits: 4 });
  await it.watch().begin('apid');
  await setMemory(host, { mib: 61, kills: 5, hits: 5 });
  const next = it.watch();
  const told = next.explain('apid', KILLED);
  await next.begin('apid');
  expect(await told).toContain('limit 128 MiB');
  expect(await it.watch().explain('apid', KILLED)).toBeUndefined();
});

test('a kill that no limit of the service caused is one of the whole node', async () => {
  const it = open();
  await using host = it.host;
  await setMemory(host, { mib: 61, kills: 1 });
  expect(await it.watch().explain('apid', KILLED)).toBe(
    'was killed by the kernel: out of memory (the whole node had none left, 61 MiB in use at most)',
  );
});

test('without cgroup v2 nothing is known', async () => {
  const it = open();
  await using _host = it.host;
  const watch = it.watch();
  await watch.begin('apid');
  expect(await watch.explain('apid', KILLED)).toBeUndefined();
});
