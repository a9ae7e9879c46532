import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { soak } from '../../soak/soak.ts';

const SECONDS = 60;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ name: 'soak' });
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

test('calls of every kind go well for a minute, while every node gets new certificates twice', async () => {
  const { failures, calls, rotations, daemons } = await soak(cluster, SECONDS);
  expect({ failures, rotations }).toEqual({ failures: [], rotations: 2 });
  for (const [kind, { done }] of Object.entries(calls)) expect([kind, done]).toEqual([kind, expect.any(Number)]);
  expect(Object.values(calls).every(({ done }) => done > 0)).toBe(true);
  // The load has some 15 calls at a time: what is more would be lost ones.
  for (const { name, descriptors } of daemons) expect([name, descriptors.last - descriptors.first < 40]).toEqual([name, true]);
  for (const { name, residentMib } of daemons.filter((d) => d.name.endsWith('apid'))) {
    expect([name, residentMib.most < 160]).toEqual([name, true]);
  }
}, 240_000);
