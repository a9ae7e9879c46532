import { readdir } from 'node:fs/promises';
import type { Cluster } from '../harness/cluster.ts';
import { daemonOf, memoryOf } from '../harness/host-processes.ts';

/** What one daemon of a node uses at a moment. */
export interface SoakSample {
  /** Since the beginning. */
  readonly seconds: number;
  readonly residentMib: number;
  readonly descriptors: number;
}

/** A daemon that is watched. */
export interface Watched {
  readonly name: string;
  readonly pid: number;
  readonly samples: SoakSample[];
}

const DAEMONS = ['apid', 'machined', 'trustd'];

/** The daemons that the load goes through. */
export async function watchedDaemons(cluster: Cluster): Promise<Watched[]> {
  const found = await Promise.all(
    cluster.nodes.flatMap((node) =>
      DAEMONS.map(async (daemon): Promise<Watched[]> => {
        const process = await daemonOf(await node.pid1(), daemon);
        return process === undefined ? [] : [{ name: `${node.address} ${daemon}`, pid: process.pid, samples: [] }];
      }),
    ),
  );
  return found.flat();
}

/** Adds a sample to each; throws when one of them has ended. */
export async function takeSamples(watched: readonly Watched[], seconds: number): Promise<void> {
  await Promise.all(
    watched.map(async ({ pid, samples }) => {
      const [memory, descriptors] = await Promise.all([memoryOf(pid), readdir(`/proc/${pid}/fd`)]);
      samples.push({ seconds, residentMib: memory.rss / 2 ** 20, descriptors: descriptors.length });
    }),
  );
}

/** Growth per hour by the least squares through the second half, when everything is warm. Pure. */
export function slopePerHour(samples: readonly SoakSample[], of: (sample: SoakSample) => number): number {
  const half = samples.slice(samples.length >> 1);
  const middle = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [middle(half.map((s) => s.seconds)), middle(half.map(of))];
  const spread = half.reduce((sum, s) => sum + (s.seconds - x) ** 2, 0);
  const together = half.reduce((sum, s) => sum + (s.seconds - x) * (of(s) - y), 0);
  return spread === 0 ? 0 : (together / spread) * 3600;
}
