import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, systemClock } from '@minos/base';
import type { Figure, Measurement } from './measurement.ts';
import { readDaemonMemory } from './node-memory.ts';

/** Long enough for the collections and trims after a start. */
const IDLE_MS = 30_000;
const DAEMONS = 4;

function megabytes(kib: number): number {
  return Math.round((kib * 1024) / 1e6);
}

async function refuseToDisturb(root: string): Promise<void> {
  const isThere = await access(join(root, '.minos/cluster/cluster.json')).then(
    () => true,
    () => false,
  );
  if (isThere) throw new Fault('precondition', 'a cluster of this checkout exists; run `npm run down` before measuring');
}

async function idleMemory(root: string): Promise<readonly Figure[]> {
  const holderPid = Number(await readFile(join(root, '.minos/cluster/nodes/minos-cp-1/holder.pid'), 'utf8'));
  await systemClock.sleep(IDLE_MS, AbortSignal.timeout(IDLE_MS * 2));
  const daemons = await readDaemonMemory(holderPid);
  if (daemons.length !== DAEMONS) throw new Fault('internal', `expected ${DAEMONS} daemons, found ${daemons.length}`);
  const sum = (key: 'privateKib' | 'pssKib'): number => megabytes(daemons.reduce((total, d) => total + d[key], 0));
  return [
    ...daemons.map((d) => ({ name: `idle private: ${d.program}`, value: megabytes(d.privateKib), unit: 'MB' })),
    { name: 'idle private: four daemons', value: sum('privateKib'), unit: 'MB', atMost: 110 },
    { name: 'idle PSS: four daemons', value: sum('pssKib'), unit: 'MB', atMost: 160 },
  ];
}

/** How long `up` takes after the build, and what one idle control plane keeps in memory. Leaves nothing running. */
export const cluster: Measurement = {
  name: 'cluster',
  run: async ({ root, minosctl }) => {
    await refuseToDisturb(root);
    try {
      const one = await minosctl(['cluster', 'up', '--workers', '0']);
      const memory = await idleMemory(root);
      await minosctl(['cluster', 'down']);
      const three = await minosctl(['cluster', 'up']);
      return [
        { name: 'up: one node', value: Number((one / 1000).toFixed(1)), unit: 's' },
        { name: 'up: three nodes', value: Number((three / 1000).toFixed(1)), unit: 's', atMost: 10 },
        { name: 'up: three nodes / one node', value: Number((three / one).toFixed(2)), unit: '×' },
        ...memory,
      ];
    } finally {
      await minosctl(['cluster', 'down']);
    }
  },
};
