import { stat } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isFault } from '@minos/base';
import type { SpawnSpec, SupervisedProcess, SupervisorEvent } from '@minos/host';
import { earlyFile } from '@minos/host/early-file';
import { eventually } from '@minos/testkit';
import { HeldNode } from './held-node.ts';

let node: HeldNode;

beforeAll(async () => {
  // The second start is cut short.
  const early = Buffer.concat([earlyFile([victim('early', ['hold'])]), earlyFile([victim('cut', ['hold'])]).subarray(0, 40)]);
  node = await HeldNode.start('probe', [], early);
}, 60_000);

afterAll(async () => {
  await node[Symbol.asyncDispose]();
}, 30_000);

function victim(id: string, args: readonly string[], more: Partial<SpawnSpec> = {}): SpawnSpec {
  return {
    id,
    argv: ['/usr/lib/minos/victim', ...args],
    env: {},
    uid: 50,
    gid: 50,
    groups: [],
    capabilities: [],
    cgroup: { path: `system/${id}`, demand: 'required' },
    noFile: undefined,
    oomScoreAdj: undefined,
    ...more,
  };
}

const start = (spec: SpawnSpec): Promise<SupervisedProcess> => node.ask<SupervisedProcess>({ op: 'spawn', spec });
const list = (): Promise<SupervisedProcess[]> => node.ask<SupervisedProcess[]>({ op: 'list' });
const read = (path: string): Promise<string> => node.ask<string>({ op: 'read', path });

async function ended(id: string): Promise<SupervisedProcess> {
  return eventually(
    async () => {
      const found = (await list()).find((p) => p.id === id && p.exit !== undefined);
      if (found === undefined) throw new Error(`${id} has not ended`);
      return found;
    },
    { withinMs: 5_000 },
  );
}

async function faultOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (e) {
    return isFault(e) ? e.kind : 'no fault';
  }
}

/** Kills machined with SIGKILL and waits until the next one answers. */
async function killMachined(): Promise<void> {
  const before = await node.ask<{ starts: number }>({ op: 'info' });
  await node.tell({ op: 'die' });
  await eventually(
    async () => {
      const now = await node.ask<{ starts: number }>({ op: 'info' });
      if (now.starts === before.starts) throw new Error('the old one still answers');
    },
    { withinMs: 10_000 },
  );
}

test('machined starts with its arguments, a clean environment and the number of its start', async () => {
  const info = await node.ask<Record<string, unknown>>({ op: 'info' });
  expect(info).toMatchObject({
    starts: 1,
    argv: ['/usr/bin/node', '/usr/lib/minos/stand-in.js', '/sbin/machined', '--platform', 'container'],
    env: { PATH: '/usr/bin:/usr/sbin:/bin:/sbin', HOME: '/', TMPDIR: '/tmp' },
  });
});

test('what the image names runs before machined, which finds it in the list; what is damaged is left to machined', async () => {
  const found = (await list()).filter(({ id }) => id === 'early' || id === 'cut');
  const [early] = found;
  expect(found).toMatchObject([{ id: 'early', unmet: [] }]);
  expect(early?.exit).toBeUndefined();
  const [, machinedStart = '0'] = /^\d+ \(.*\) (?:\S+ ){19}(\d+)/.exec(await read('/proc/self/stat')) ?? [];
  const [, earlyStart = '0'] = /^\d+ \(.*\) (?:\S+ ){19}(\d+)/.exec(await read(`/proc/${early?.pid}/stat`)) ?? [];
  expect(Number(earlyStart)).toBeLessThanOrEqual(Number(machinedStart));
  expect(await faultOf(start(victim('early', ['hold'])))).toBe('exists');
});

test('a started process has exactly the ids, capabilities and limits that were asked for', async () => {
  const more = { uid: 52, gid: 53, groups: [60, 61], capabilities: ['NET_ADMIN', 'NET_RAW'], noFile: 777, oomScoreAdj: 300 };
  const { pid, unmet } = await start(victim('limited', ['hold'], more));
  expect(unmet).toEqual([]);
  const status = await read(`/proc/${pid}/status`);
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(status).toContain(`${set}:\t0000000000003000\n`);
  expect(status).toMatch(/Uid:\t52\t52\t52\t52\n/);
  expect(status).toMatch(/Gid:\t53\t53\t53\t53\n/);
  expect(status).toMatch(/Groups:\t60 61 ?\n/);
  expect(status).toContain('NoNewPrivs:\t1\n');
  expect(status).toMatch(/SigBlk:\t0+\n/);
  expect(await read(`/proc/${pid}/limits`)).toMatch(/Max open files\s+777\s+777/);
  expect(await read(`/proc/${pid}/oom_score_adj`)).toBe('300\n');
  expect(await read(`/proc/${pid}/cgroup`)).toContain('0::/system/limited\n');
  expect((await read(`/proc/${pid}/stat`)).split(' ').slice(4, 6)).toEqual([String(pid), String(pid)]);
});

test('what every user needs below /dev is open to every user', async () => {
  const { pid } = await node.status();
  for (const name of ['null', 'zero', 'urandom', 'tty']) {
    const { mode, rdev } = await stat(`/proc/${pid}/root/dev/${name}`);
    expect([name, mode & 0o777, rdev > 0]).toEqual([name, 0o666, true]);
  }
});

test('a process of root keeps no capability that was not asked for', async () => {
  const { pid } = await start(victim('rooted', ['hold'], { uid: 0, gid: 0, capabilities: ['SYS_ADMIN'] }));
  const status = await read(`/proc/${pid}/status`);
  for (const set of ['CapPrm', 'CapEff', 'CapBnd']) expect(status).toContain(`${set}:\t0000000000200000\n`);
});

test('a program that cannot be run, and a second process under an id, are refused', async () => {
  await expect(start(victim('absent', [], { argv: ['/usr/bin/absent'] }))).rejects.toMatchObject({
    kind: 'invalid',
    message: '/usr/bin/absent: No such file or directory',
  });
  expect(await faultOf(start(victim('absent', [], { argv: ['/usr/bin/absent'] })))).toBe('invalid');
  expect((await list()).some((p) => p.id === 'absent')).toBe(false);
  await start(victim('twice', ['hold']));
  expect(await faultOf(start(victim('twice', ['hold'])))).toBe('exists');
  expect(await faultOf(start(victim('Bad Id', ['hold'])))).toBe('invalid');
  expect(await faultOf(start(victim('escape', ['hold'], { cgroup: { path: '../up', demand: 'required' } })))).toBe('invalid');
});

test('a limit that is best effort and cannot be set is reported, and the process runs', async () => {
  const { unmet, exit } = await start(victim('unmet', ['hold'], { noFile: 4_000_000_000 }));
  expect(unmet).toEqual([expect.stringContaining('open files')]);
  expect(exit).toBeUndefined();
});

test('a line on the ready fd makes a process ready', async () => {
  await node.ask({ op: 'events' });
  const { generation, isReady } = await start(victim('announces', ['ready'], { env: { READY_FD: '3' } }));
  expect(isReady).toBe(false);
  const events = await eventually(
    async () => {
      const seen = await node.ask<SupervisorEvent[]>({ op: 'events' });
      if (seen.length === 0) throw new Error('no event yet');
      return seen;
    },
    { withinMs: 5_000 },
  );
  expect(events).toEqual([{ kind: 'ready', id: 'announces', generation }]);
  expect((await list()).find((p) => p.id === 'announces')?.isReady).toBe(true);
});

test('an end is kept until it is acknowledged, across a death of machined, and a new process may live under the id', async () => {
  const first = await start(victim('brief', ['exit', '42']));
  await killMachined();
  expect((await ended('brief')).exit).toEqual({ kind: 'exited', code: 42 });
  const second = await start(victim('brief', ['hold']));
  expect(second.generation).toBeGreaterThan(first.generation);
  await node.ask({ op: 'acknowledge', id: 'brief', generation: first.generation });
  expect((await list()).filter((p) => p.id === 'brief').map((p) => p.generation)).toEqual([second.generation]);
});

test('services live on and their output is kept while machined is killed', async () => {
  const before = await start(victim('talks', ['chatter']));
  await killMachined();
  await killMachined();
  const after = (await list()).find((p) => p.id === 'talks');
  expect(after).toMatchObject({ pid: before.pid, generation: before.generation });
  expect(after?.exit).toBeUndefined();
  expect((await node.ask<string>({ op: 'drain', id: 'talks' })).startsWith('line 0\nline 1\nline 2\n')).toBe(true);
});

test('a machined that speaks nonsense is replaced', async () => {
  const before = await node.ask<{ starts: number }>({ op: 'info' });
  await node.tell({ op: 'garbage' });
  await eventually(async () => expect((await node.ask<{ starts: number }>({ op: 'info' })).starts).toBe(before.starts + 1), {
    withinMs: 15_000,
  });
}, 20_000);

test('a signal to the group reaches those that left the process group, and none after the end', async () => {
  const { pid } = await start(victim('family', ['family']));
  const members = async (): Promise<number> =>
    (await read('/sys/fs/cgroup/system/family/cgroup.procs')).split('\n').filter((line) => line !== '').length;
  await eventually(async () => expect(await members()).toBe(2), { withinMs: 5_000 });
  expect(await node.ask({ op: 'signal', id: 'family', signal: 'SIGTERM', scope: 'group' })).toBe(true);
  expect(await ended('family')).toMatchObject({ pid, exit: { kind: 'signalled', signal: 'SIGTERM', coreDumped: false } });
  await eventually(async () => expect(await members()).toBe(0), { withinMs: 5_000 });
  expect(await node.ask({ op: 'signal', id: 'family', signal: 'SIGTERM', scope: 'group' })).toBe(false);
});

test('SIGKILL to the group empties the cgroup', async () => {
  await start(victim('deaf', ['family']));
  expect(await node.ask({ op: 'signal', id: 'deaf', signal: 'SIGKILL', scope: 'group' })).toBe(true);
  expect((await ended('deaf')).exit).toMatchObject({ kind: 'signalled', signal: 'SIGKILL' });
  await eventually(async () => expect(await read('/sys/fs/cgroup/system/deaf/cgroup.procs')).toBe(''), { withinMs: 5_000 });
});
