import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { type Cluster, startCluster } from '../../harness/cluster.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ name: 'lost' });
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

test('of three logs that are followed, the one of a node that dies ends with its error, and the others go on', async () => {
  const [alive, victim] = cluster.workers;
  if (alive === undefined || victim === undefined) throw new Error('two workers are needed');
  const addresses = cluster.nodes.map((n) => n.address);
  await using following = cluster.startMinosctl(['-n', addresses.join(','), 'logs', '-f', 'machined']);
  await eventually(
    () => {
      for (const address of addresses) expect(following.stdout()).toContain(`${address}: `);
    },
    { withinMs: 15_000 },
  );

  // The whole node at once, and its holder cannot bring it back: SIGSTOP leaves every socket open and silent.
  const { processesOf } = await import('../../harness/host-processes.ts');
  const frozen = await processesOf(await victim.pid1());
  for (const process_ of frozen) process.kill(process_.pid, 'SIGSTOP');
  try {
    await eventually(() => expect(following.stderr()).toContain(victim.address), { withinMs: 30_000, everyMs: 200 });
    expect(following.stderr()).not.toContain(alive.address);

    const before = following
      .stdout()
      .split('\n')
      .filter((line) => line.startsWith(`${alive.address}: `)).length;
    await cluster.minosctl(['-n', alive.address, 'service', 'networkd', 'restart']);
    await eventually(
      () =>
        expect(
          following
            .stdout()
            .split('\n')
            .filter((line) => line.startsWith(`${alive.address}: `)).length,
        ).toBeGreaterThan(before),
      { withinMs: 15_000 },
    );
  } finally {
    for (const process_ of frozen) process.kill(process_.pid, 'SIGCONT');
  }
}, 120_000);
