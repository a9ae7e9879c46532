import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { daemonOf } from '../../harness/host-processes.ts';

const KILLS = 5;
const LINE = 100;
/** What machined may have read and not yet written. */
const AT_MOST = 320 * 1024;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ name: 'logkills', workers: 0 });
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

async function machinedPid(): Promise<number> {
  const pid1 = await cluster.controlPlane.pid1();
  return eventually(
    async () => {
      const found = await daemonOf(pid1, 'machined');
      if (found === undefined) throw new Error('machined is not there yet');
      return found.pid;
    },
    { withinMs: 30_000 },
  );
}

/** The numbers of the lines on disk, the oldest first. */
async function numbersOnDisk(): Promise<readonly number[]> {
  const folder = join(cluster.controlPlane.ephemeralDir, 'log');
  const names = (await readdir(folder))
    .filter((name) => name.startsWith('networkd.log'))
    .sort()
    .reverse();
  const texts = await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(folder, name));
      return (name.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes).toString('latin1');
    }),
  );
  return [...texts.join('').matchAll(/^n=(\d{10}) x+$/gm)].map((match) => Number(match[1]));
}

test(`machined is killed ${KILLS} times while a service logs: no line is on disk twice, and hardly one is missing`, async () => {
  const pid1 = await cluster.controlPlane.pid1();
  await using fifo = await open(`/proc/${pid1}/root/run/init/networkd.log`, 'w');
  let written = 0;
  const stop = new AbortController();
  const writing = (async () => {
    while (!stop.signal.aborted) {
      const lines = Array.from({ length: 50 }, () => `n=${String(written++).padStart(10, '0')} `.padEnd(LINE - 1, 'x'));
      await fifo.write(`${lines.join('\n')}\n`);
      await sleep(10);
    }
  })();
  for (let i = 0; i < KILLS; i++) {
    await sleep(1000);
    process.kill(await machinedPid(), 'SIGKILL');
  }
  await sleep(1000);
  stop.abort();
  await writing;
  await eventually(async () => expect((await numbersOnDisk()).at(-1)).toBe(written - 1), { withinMs: 60_000, everyMs: 250 });
  const numbers = await numbersOnDisk();
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  const missing = written - numbers.length;
  process.stdout.write(`${written} lines, ${missing} missing after ${KILLS} kills\n`);
  expect(missing * LINE).toBeLessThanOrEqual(KILLS * AT_MOST);
}, 200_000);

test('a reboot in the middle of which machined is killed is completed', async () => {
  const at = ['-n', cluster.controlPlane.address];
  const bootId = async (): Promise<string> => (await cluster.minosctl([...at, 'cat', '/proc/sys/kernel/random/boot_id'])).stdout;
  const before = await eventually(
    async () => {
      const found = await bootId();
      expect(found).toMatch(/^[0-9a-f-]{36}/);
      return found;
    },
    { withinMs: 60_000 },
  );
  const pid1 = await cluster.controlPlane.pid1();
  expect(await cluster.minosctl([...at, 'reboot', '--wait=false', '--force'])).toMatchObject({ code: 0 });
  process.kill(await machinedPid(), 'SIGKILL');
  await eventually(async () => expect(await cluster.controlPlane.pid1()).not.toBe(pid1), { withinMs: 60_000, everyMs: 100 });
  await eventually(async () => expect(await bootId()).toMatch(/^[0-9a-f-]{36}/), { withinMs: 60_000, everyMs: 250 });
  expect(await bootId()).not.toBe(before);
}, 200_000);
