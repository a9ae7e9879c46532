import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { daemonOf, processesOf } from '../../harness/host-processes.ts';

const KILLS = 100;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ name: 'killed', workers: 1 });
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

const services = async (): Promise<string[]> => {
  const all = await processesOf(await cluster.controlPlane.pid1());
  return ['networkd', 'apid', 'trustd'].map((name) => {
    const found = all.find((p) => p.commandLine[0] === `/sbin/${name}`);
    return `${name} ${found?.pid ?? 'gone'}`;
  });
};

test(`machined is killed ${KILLS} times under load: no service notices, and the API is back each time`, async () => {
  const before = await services();
  expect(before.join()).not.toContain('gone');

  // The load: the worker is asked through the control plane's apid all the time, and that never touches this machined.
  const [worker] = cluster.workers;
  if (worker === undefined) throw new Error('no worker');
  const load = { asked: 0, failed: [] as string[], stop: false };
  const loader = (async () => {
    while (!load.stop) {
      const { code, stderr } = await cluster.minosctl(['-n', worker.address, 'version']);
      load.asked += 1;
      if (code !== 0) load.failed.push(stderr);
    }
  })();

  const backMs: number[] = [];
  for (let i = 0; i < KILLS; i += 1) {
    const pid1 = await cluster.controlPlane.pid1();
    const machined = await eventually(
      async () => {
        const found = await daemonOf(pid1, 'machined');
        if (found === undefined) throw new Error('machined is not there yet');
        return found;
      },
      { withinMs: 10_000 },
    );
    process.kill(machined.pid, 'SIGKILL');
    const killed = performance.now();
    await eventually(
      async () =>
        expect(await cluster.minosctl(['-n', cluster.controlPlane.address, 'version'], { timeoutMs: 10_000 })).toMatchObject({
          code: 0,
        }),
      { withinMs: 15_000, everyMs: 10 },
    );
    backMs.push(performance.now() - killed);
  }
  load.stop = true;
  await loader;

  expect(await services()).toEqual(before);
  expect(load.failed).toEqual([]);
  expect(load.asked).toBeGreaterThan(KILLS / 4);
  const median = backMs.sort((a, b) => a - b)[KILLS / 2] ?? Number.POSITIVE_INFINITY;
  process.stdout.write(
    `API back after a kill, command included: median ${Math.round(median)} ms, worst ${Math.round(backMs.at(-1) ?? 0)} ms; ${load.asked} calls to the worker\n`,
  );
}, 600_000);
