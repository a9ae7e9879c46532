import { expect, test } from '@jest/globals';
import { eventually, VirtualClock } from '@minos/testkit';
import { probeSpec } from '../testing/probe-spec.ts';
import { simulation } from '../testing/simulation.ts';

test('the same seed gives the same random bytes and boot id, another seed others', async () => {
  const bootId = (seed: string): Promise<string> => simulation({ seed }).files.readText('/proc/sys/kernel/random/boot_id');
  expect(await bootId('a')).toBe(await bootId('a'));
  expect(await bootId('a')).not.toBe(await bootId('b'));
  expect(await bootId('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}\n$/);
});

test('a script fills the disk, moves the clock and ends a process, each at its time', async () => {
  const clock = new VirtualClock();
  await using host = simulation(
    {
      script: [
        { afterMs: 300, do: 'exit', id: 'mute', signal: 'SIGSEGV' },
        { afterMs: 100, do: 'fill-disk' },
        { afterMs: 200, do: 'jump-clock', ms: -3_600_000 },
      ],
    },
    { clock },
  );
  const supervisor = await host.openSupervisor();
  await supervisor.spawn(probeSpec('mute'));
  const started = host.clock.now();
  const playing = host.play(new AbortController().signal);
  await host.files.write('/var/a', 'fits');
  await clock.advance(100);
  await expect(host.files.write('/var/b', 'too much')).rejects.toMatchObject({ code: 'ENOSPC' });
  expect((await host.files.space('/')).freeBytes).toBe(0n);
  await clock.advance(100);
  expect(host.clock.now()).toBe(started + 200 - 3_600_000);
  await clock.advance(100);
  await playing;
  expect((await supervisor.list())[0]?.exit).toEqual({ kind: 'signalled', signal: 'SIGSEGV', coreDumped: false });
});

test('processes outlive machined, and an exit that nobody heard is still known', async () => {
  await using host = simulation({});
  const first = await host.openSupervisor();
  const stay = await first.spawn(probeSpec('stay'));
  const gone = await first.spawn(probeSpec('mute'));
  await first[Symbol.asyncDispose]();
  host.init.exit('mute', { kind: 'exited', code: 7 });
  const second = await host.openSupervisor();
  expect([first.machinedStarts, second.machinedStarts]).toEqual([1, 2]);
  expect((await second.list()).map(({ pid, exit }) => [pid, exit])).toEqual([
    [stay.pid, undefined],
    [gone.pid, { kind: 'exited', code: 7 }],
  ]);
});

test('a supervised process stands in /proc while it lives', async () => {
  await using host = simulation({});
  const supervisor = await host.openSupervisor();
  const { pid } = await supervisor.spawn({ ...probeSpec('stay'), uid: 52 });
  expect(await host.files.readText(`/proc/${pid}/status`)).toContain('Uid:\t52\t52\t52\t52');
  expect((await host.files.readText(`/proc/${pid}/stat`)).trim().split(' ')).toHaveLength(52);
  host.init.exit('stay', { kind: 'exited', code: 0 });
  await expect(host.files.list(`/proc/${pid}`)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a stop that was asked for is told to a reader that comes later, and power ends the machine', async () => {
  await using host = simulation({});
  host.act({ do: 'request-stop', action: 'reboot' });
  const supervisor = await host.openSupervisor();
  for await (const event of supervisor.events(new AbortController().signal)) {
    expect(event).toEqual({ kind: 'stop-requested', action: 'reboot' });
    break;
  }
  const ending = supervisor.power('reboot');
  expect(await host.powered).toBe('reboot');
  await supervisor[Symbol.asyncDispose]();
  await ending;
});

test('a log that nobody reads has room for 1 MiB, and what does not fit is lost', async () => {
  await using host = simulation({});
  const line = 'x'.repeat(64 * 1024);
  expect(Array.from({ length: 17 }, () => host.init.writeLog('apid', line)).filter(Boolean)).toHaveLength(16);
});

test('the cable of a link can be pulled by the script', async () => {
  await using host = simulation({ network: { links: [{ name: 'eth0' }] } });
  await using rtnetlink = await host.openRtnetlink();
  const [, eth0] = await rtnetlink.links();
  await rtnetlink.setLink(eth0?.index ?? 0, { up: true });
  host.act({ do: 'pull-cable', link: 'eth0' });
  await eventually(async () => expect((await rtnetlink.links())[1]?.operState).not.toBe('up'), { withinMs: 1000 });
});
