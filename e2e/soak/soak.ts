import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFault, systemClock } from '@minos/base';
import type { Cluster } from '../harness/cluster.ts';
import { adminChannel } from '../harness/cluster-api.ts';
import { rotateCertificates } from './rotate-certificates.ts';
import { type SoakCount, SoakLoad } from './soak-load.ts';
import { type SoakSample, slopePerHour, takeSamples, type Watched, watchedDaemons } from './soak-samples.ts';

/** How it went. */
export interface SoakResult {
  readonly seconds: number;
  readonly calls: Readonly<Record<string, SoakCount>>;
  readonly failures: readonly string[];
  /** How often every node got a new certificate meanwhile. */
  readonly rotations: number;
  readonly daemons: readonly SoakDaemon[];
}

/** What one daemon used. */
export interface SoakDaemon {
  readonly name: string;
  /** Resident, in MiB: at the beginning, at most, at the end, and its growth per hour in the second half. */
  readonly residentMib: { readonly first: number; readonly most: number; readonly last: number; readonly perHour: number };
  readonly descriptors: { readonly first: number; readonly most: number; readonly last: number };
  readonly samples: readonly SoakSample[];
}

const BIG_BYTES = 48 * 1024 * 1024;

/** Loads a cluster for so many seconds, and rotates all certificates after a third and after two thirds of them. */
export async function soak(cluster: Cluster, seconds: number): Promise<SoakResult> {
  const load = new SoakLoad();
  const big = Buffer.alloc(BIG_BYTES, 'minos');
  await Promise.all(cluster.nodes.map((node) => writeFile(join(node.ephemeralDir, 'soak'), big)));
  const stop = new AbortController();
  const watched = await watchedDaemons(cluster);
  const startedMs = systemClock.monotonicMs();
  const target = { nodes: cluster.nodes.map(({ address }) => address), dial: () => adminChannel(cluster) };
  const loading = load.run(target, stop.signal);
  const sampling = sample(watched, { everyMs: Math.max(1000, seconds * 5), startedMs }, stop.signal);
  let rotations = 0;
  try {
    for (const share of [1 / 3, 2 / 3]) {
      await systemClock.sleep(Math.max(0, startedMs + seconds * 1000 * share - systemClock.monotonicMs()), stop.signal);
      await rotateCertificates(cluster, `soak-${++rotations}.example`);
    }
    await systemClock.sleep(Math.max(0, startedMs + seconds * 1000 - systemClock.monotonicMs()), stop.signal);
  } finally {
    stop.abort();
    await Promise.all([loading, sampling]);
  }
  const lasted = Math.round((systemClock.monotonicMs() - startedMs) / 1000);
  return { seconds: lasted, calls: load.counts, failures: load.failures, rotations, daemons: watched.map(summary) };
}

async function sample(
  watched: readonly Watched[],
  { everyMs, startedMs }: { readonly everyMs: number; readonly startedMs: number },
  signal: AbortSignal,
): Promise<void> {
  try {
    for (;;) {
      await takeSamples(watched, Math.round((systemClock.monotonicMs() - startedMs) / 1000));
      await systemClock.sleep(everyMs, signal);
    }
  } catch (e) {
    if (!isFault(e, 'cancelled')) throw e;
  }
}

function summary({ name, samples }: Watched): SoakDaemon {
  const range = (of: (s: SoakSample) => number): { first: number; most: number; last: number } => ({
    first: round(of(samples[0] ?? NONE)),
    most: round(Math.max(...samples.map(of))),
    last: round(of(samples.at(-1) ?? NONE)),
  });
  const perHour = round(slopePerHour(samples, (s) => s.residentMib));
  return { name, residentMib: { ...range((s) => s.residentMib), perHour }, descriptors: range((s) => s.descriptors), samples };
}

const NONE: SoakSample = { seconds: 0, residentMib: Number.NaN, descriptors: Number.NaN };

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
