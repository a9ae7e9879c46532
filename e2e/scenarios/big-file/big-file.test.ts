import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '@minos/base';
import { eventually } from '@minos/testkit';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { daemonOf, memoryOf } from '../../harness/host-processes.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ name: 'bigfile', workers: 1 });
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

test('a file of 2 GiB goes through two apids to a slow reader, and no process on the way grows by 32 MiB', async () => {
  const [worker] = cluster.workers;
  if (worker === undefined) throw new Error('no worker');
  const file = join(worker.ephemeralDir, 'big');
  await writeFile(file, 'minos');
  await truncate(file, 2 * GIB);

  // Once before, so that what the first call loads is not counted as growth.
  await cluster.minosctl(['-n', worker.address, 'cat', '/etc/hosts']);
  const onTheWay = await Promise.all([
    daemonOf(await cluster.controlPlane.pid1(), 'apid'),
    daemonOf(await worker.pid1(), 'apid'),
    daemonOf(await worker.pid1(), 'machined'),
  ]);
  const pids = onTheWay.map((p) => p?.pid ?? 0);
  await using reading = cluster.startMinosctl(['-n', worker.address, 'cat', '/var/big'], { keep: 'count' });
  await eventually(() => expect(reading.received()).toBeGreaterThan(16 * MIB), { withinMs: 20_000 });
  pids.push(reading.pid);
  const sample = async (): Promise<number[]> => Promise.all(pids.map(async (pid) => (await memoryOf(pid)).privateBytes));
  const base = await sample();
  const peak = [...base];

  let done = false;
  const end = reading.ended.then((result) => {
    done = true;
    return result;
  });
  // A slow reader: it stands still for a while now and then.
  while (!done) {
    reading.pause();
    await systemClock.sleep(150, new AbortController().signal);
    const now = await sample().catch(() => peak);
    now.forEach((bytes, i) => {
      peak[i] = Math.max(peak[i] ?? 0, bytes);
    });
    reading.resume();
    await systemClock.sleep(250, new AbortController().signal);
  }
  expect(await end).toMatchObject({ code: 0 });
  expect(reading.received()).toBe(2 * GIB);
  const growth = peak.map((bytes, i) => (bytes - (base[i] ?? 0)) / MIB);
  process.stdout.write(
    `growth in MiB (apid of the control plane, apid and machined of the worker, minosctl): ${growth.map((g) => g.toFixed(1)).join(', ')}\n`,
  );
  for (const mib of growth) expect(mib).toBeLessThan(32);
}, 300_000);
