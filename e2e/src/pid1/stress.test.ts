import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { systemClock } from '@minos/base';
import { eventually } from '@minos/testkit';
import { HeldNode } from './held-node.ts';
import { plannedStarts } from './stress-plan.ts';

/** What the kernel says about one process of the host. */
interface HostProcess {
  readonly pid: number;
  readonly state: string;
  readonly command: string;
}

/** The children of the node's PID 1: after the orphans are gone, all of its processes. */
async function childrenOf(init: number): Promise<HostProcess[]> {
  const found: HostProcess[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(parent) !== init) continue;
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    found.push({ pid: Number(name), state, command });
  }
  return found;
}

test('5,000 orphans and 500 supervised processes end while machined is killed at random: no zombie, no end lost or wrong', async () => {
  await using node = await HeldNode.start('stress');
  const init = (await eventually(() => node.status(), { withinMs: 5_000 })).pid;
  const state = (file: string): Promise<string> => readFile(join(node.directory, 'state', file), 'utf8').catch(() => '');
  const noEnd = new AbortController().signal;
  let kills = 0;
  let random = 12_345;
  for (
    const until = systemClock.monotonicMs() + 120_000;
    (await state('finished')) === '' && systemClock.monotonicMs() < until;
  ) {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    await systemClock.sleep(50 + (random % 150), noEnd);
    const machined = (await childrenOf(init)).find((p) => p.command.includes('machined'));
    if (machined !== undefined && (await state('finished')) === '') {
      process.kill(machined.pid, 'SIGKILL');
      kills++;
    }
  }
  const ledger = (await state('ledger')).split('\n').filter((line) => line !== '');
  const ends = new Map(ledger.map((line) => [line.split(' ')[0], line.split(' ').slice(1, 3).join(' ')]));
  expect(Object.fromEntries(ends)).toEqual(Object.fromEntries(plannedStarts().map((p) => [p.id, p.end])));
  const generations = new Set(ledger.map((line) => line.split(' ')[3]));
  expect(generations.size).toBe(plannedStarts().length);
  expect(kills).toBeGreaterThanOrEqual(3);
  await eventually(
    async () => {
      const left = await childrenOf(init);
      expect(left.map((p) => [p.state === 'Z', p.command.includes('machined')])).toEqual([[false, true]]);
    },
    { withinMs: 10_000 },
  );
}, 180_000);
