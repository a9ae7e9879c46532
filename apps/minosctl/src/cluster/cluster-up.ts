import { mkdir } from 'node:fs/promises';
import { Fault } from '@minos/base';
import type { Terminal } from '../cli/terminal.ts';
import { readContext } from '../client-config/load-context.ts';
import { checkHost } from './check-host.ts';
import type { ClusterPlan } from './cluster-plan.ts';
import { type ClusterRecord, readRecord, writeRecord } from './cluster-record.ts';
import { readHolderStatus } from './holder-status.ts';
import { imageStamp } from './image-stamp.ts';
import { makeNetwork } from './make-network.ts';
import { mountImage } from './mount-image.ts';
import { type Leftovers, observeLeftovers } from './observe-leftovers.ts';
import { startHolder } from './start-holder.ts';
import { applySweep } from './sweep-apply.ts';
import { planSweep } from './sweep-plan.ts';
import { waitUntilReady } from './wait-until-ready.ts';
import { writeConfigs } from './write-configs.ts';

/**
 * Brings a cluster up and waits until it is ready; gives the version of each node. One that stands already is kept, and
 * its nodes that are down are started; anything less is cleared away first.
 */
export async function clusterUp(
  plan: ClusterPlan,
  options: { readonly terminal: Terminal; readonly timeoutMs: number },
): Promise<ReadonlyMap<string, string>> {
  const { terminal } = options;
  const { clock, signal } = terminal;
  const progress = (line: string): void => terminal.progress(line);
  const leftovers = await observeLeftovers(plan);
  await checkHost(plan, leftovers);
  const record = await readRecord(plan.record);
  let stamp = await imageStamp(plan.image);
  if (record !== undefined && stands(plan, record, leftovers)) {
    await startMissing(plan, leftovers, terminal);
    if (record.imageStamp !== stamp) {
      terminal.complain('note: the nodes run an older image; minosctl cluster down, then up, takes the new one');
    }
    stamp = record.imageStamp;
  } else {
    const sweep = planSweep(leftovers, plan);
    if (sweep.length > 0) progress('clearing away what an earlier cluster left');
    await applySweep(sweep, { clock, signal });
    await makeCluster(plan, clock.now(), progress);
  }
  const context = await readContext(plan.clientConfig, plan.name);
  const versions = await waitUntilReady(plan, { context, clock, signal, timeoutMs: options.timeoutMs, progress });
  await writeRecord(plan, { isComplete: true, imageStamp: stamp });
  progress('');
  return versions;
}

async function makeCluster(plan: ClusterPlan, nowMs: number, progress: (line: string) => void): Promise<void> {
  await mkdir(plan.dir, { recursive: true, mode: 0o755 });
  await writeRecord(plan, { isComplete: false, imageStamp: await imageStamp(plan.image) });
  progress('making secrets, configurations and the bridge, mounting the image');
  await Promise.all([writeConfigs(plan, nowMs), mountImage(plan), makeNetwork(plan)]);
  progress(`starting ${plan.nodes.length} nodes`);
  await Promise.all(plan.nodes.map((node) => startHolder(plan, node)));
}

/** Whether a cluster was complete once and all but its processes is there. Throws `exists` for one of another shape that runs. */
function stands(plan: ClusterPlan, record: ClusterRecord, { holders, mounts, links }: Leftovers): boolean {
  const shape = (nodes: readonly { name: string; address: string }[]): string =>
    nodes.map((n) => `${n.name} ${n.address}`).join();
  const isSame = shape(record.nodes) === shape(plan.nodes);
  if (!isSame && record.isComplete && holders.length > 0) {
    throw new Fault(
      'exists',
      `cluster "${plan.name}" is up with ${record.nodes.length} nodes in ${record.subnet}; to change it: minosctl cluster down, then up`,
    );
  }
  const isMade = mounts.includes(plan.imageMount) && links.some((link) => link.name === plan.bridge);
  return isSame && record.isComplete && isMade;
}

/** Starts the nodes that were shut down, and those whose holder is gone. */
async function startMissing(plan: ClusterPlan, { holders }: Leftovers, { clock, signal }: Terminal): Promise<void> {
  await Promise.all(
    plan.nodes.map(async (node) => {
      const holder = holders.find((h) => h.pidfile === node.files.pidfile);
      const status = await readHolderStatus(node.files.status);
      if (holder !== undefined && status?.state === 'running') return;
      if (holder !== undefined) await applySweep([{ op: 'end-holder', holder }], { clock, signal });
      await startHolder(plan, node);
    }),
  );
}
