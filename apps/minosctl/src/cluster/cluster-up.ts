import { mkdir } from 'node:fs/promises';
import { Fault } from '@minos/base';
import type { Terminal } from '../cli/terminal.ts';
import { readContext } from '../client-config/load-context.ts';
import { checkHost } from './check-host.ts';
import type { ClusterPlan } from './cluster-plan.ts';
import { readRecord, writeRecord } from './cluster-record.ts';
import { makeNetwork } from './make-network.ts';
import { mountImage } from './mount-image.ts';
import { observeLeftovers } from './observe-leftovers.ts';
import { startHolder } from './start-holder.ts';
import { applySweep } from './sweep-apply.ts';
import { planSweep } from './sweep-plan.ts';
import { waitUntilReady } from './wait-until-ready.ts';
import { writeConfigs } from './write-configs.ts';

/** Brings a cluster up, or finds it up already, and waits until it is ready; gives the version of each node. */
export async function clusterUp(
  plan: ClusterPlan,
  options: { readonly terminal: Terminal; readonly timeoutMs: number },
): Promise<ReadonlyMap<string, string>> {
  const { terminal } = options;
  const { clock, signal } = terminal;
  const progress = (line: string): void => terminal.progress(line);
  if (!(await isUpAlready(plan))) {
    const leftovers = await observeLeftovers(plan);
    await checkHost(plan, leftovers);
    const sweep = planSweep(leftovers, plan);
    if (sweep.length > 0) progress('clearing away what an earlier cluster left');
    await applySweep(sweep, { clock, signal });
    await makeCluster(plan, clock.now(), progress);
  }
  const context = await readContext(plan.clientConfig, plan.name);
  const versions = await waitUntilReady(plan, { context, clock, signal, timeoutMs: options.timeoutMs, progress });
  await writeRecord(plan, true);
  progress('');
  return versions;
}

async function makeCluster(plan: ClusterPlan, nowMs: number, progress: (line: string) => void): Promise<void> {
  await mkdir(plan.dir, { recursive: true, mode: 0o755 });
  await writeRecord(plan, false);
  progress('making secrets, configurations and the bridge, mounting the image');
  await Promise.all([writeConfigs(plan, nowMs), mountImage(plan), makeNetwork(plan)]);
  progress(`starting ${plan.nodes.length} nodes`);
  await Promise.all(plan.nodes.map((node) => startHolder(plan, node)));
}

/** A cluster that was complete and whose holders all live is left alone; one of another shape is an error. */
async function isUpAlready(plan: ClusterPlan): Promise<boolean> {
  const record = await readRecord(plan.record);
  if (record?.isComplete !== true) return false;
  const { holders } = await observeLeftovers(plan);
  const isHeld = record.nodes.every((node) => holders.some((holder) => holder.node === node.name));
  if (!isHeld) return false;
  const shape = (nodes: readonly { name: string; address: string }[]): string =>
    nodes.map((n) => `${n.name} ${n.address}`).join();
  if (shape(record.nodes) !== shape(plan.nodes)) {
    throw new Fault(
      'exists',
      `cluster "${plan.name}" is up with ${record.nodes.length} nodes in ${record.subnet}; to change it: minosctl cluster down, then up`,
    );
  }
  return true;
}
