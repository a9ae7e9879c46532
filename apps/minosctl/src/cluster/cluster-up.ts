import { mkdir } from 'node:fs/promises';
import { Fault } from '@minos/base';
import type { Terminal } from '../cli/terminal.ts';
import { readContext } from '../client-config/load-context.ts';
import { checkHost } from './check-host.ts';
import type { ClusterPlan, NodePlan } from './cluster-plan.ts';
import { type ClusterRecord, provisionerOf, readRecord, writeRecord } from './cluster-record.ts';
import { readHolderStatus } from './holder-status.ts';
import { imageStamp } from './image-stamp.ts';
import { makeNetwork } from './make-network.ts';
import { mountImage } from './mount-image.ts';
import { type Leftovers, observeLeftovers } from './observe-leftovers.ts';
import { startHolder } from './start-holder.ts';
import { buildMachines, startMachine } from './start-machine.ts';
import { applySweep } from './sweep-apply.ts';
import { planSweep } from './sweep-plan.ts';
import { untilListening } from './until-listening.ts';
import { waitUntilReady } from './wait-until-ready.ts';
import { writeConfigs } from './write-configs.ts';

/** How long one machine may take before the next is started all the same. */
const BOOT_MS = 90_000;

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
  if (plan.machine !== undefined) await buildMachines(plan, plan.machine, progress);
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
    await makeCluster(plan, terminal);
  }
  const context = await readContext(plan.clientConfig, plan.name);
  const versions = await waitUntilReady(plan, { context, clock, signal, timeoutMs: options.timeoutMs, progress });
  await writeRecord(plan, { isComplete: true, imageStamp: stamp });
  progress('');
  return versions;
}

async function makeCluster(plan: ClusterPlan, terminal: Terminal): Promise<void> {
  const nowMs = terminal.clock.now();
  const isContainer = plan.machine === undefined;
  await mkdir(plan.dir, { recursive: true, mode: 0o755 });
  await writeRecord(plan, { isComplete: false, imageStamp: await imageStamp(plan.image) });
  terminal.progress(`making secrets, configurations and the bridge${isContainer ? ', mounting the image' : ''}`);
  await Promise.all([writeConfigs(plan, nowMs), isContainer ? mountImage(plan) : undefined, makeNetwork(plan)]);
  await startNodes(plan, plan.nodes, terminal);
}

/** Containers all at once; machines one after the other, because what is emulated at the same time starts no sooner. */
async function startNodes(plan: ClusterPlan, nodes: readonly NodePlan[], { clock, signal, progress }: Terminal): Promise<void> {
  const { machine } = plan;
  if (machine === undefined) {
    progress(`starting ${nodes.length} nodes`);
    await Promise.all(nodes.map((node) => startHolder(plan, node)));
    return;
  }
  for (const [i, node] of nodes.entries()) {
    progress(`booting ${node.name}, ${i + 1} of ${nodes.length}`);
    await startMachine(plan, machine, node);
    if (i + 1 < nodes.length) await untilListening(node.address, { clock, withinMs: BOOT_MS, signal });
  }
}

/** Whether a cluster was complete once and all but its processes is there. Throws `exists` for one of another shape that runs. */
function stands(plan: ClusterPlan, record: ClusterRecord, { holders, mounts, links }: Leftovers): boolean {
  const provisioner = provisionerOf(plan);
  const shape = (nodes: readonly { name: string; address: string }[]): string =>
    nodes.map((n) => `${n.name} ${n.address}`).join();
  const isSame = shape(record.nodes) === shape(plan.nodes) && record.provisioner === provisioner;
  if (!isSame && record.isComplete && holders.length > 0) {
    throw new Fault(
      'exists',
      `cluster "${plan.name}" is up with ${record.nodes.length} nodes (${record.provisioner}) in ${record.subnet}; to change it: minosctl cluster down, then up`,
    );
  }
  const isMade = (provisioner === 'qemu' || mounts.includes(plan.imageMount)) && links.some((link) => link.name === plan.bridge);
  return isSame && record.isComplete && isMade;
}

/** Starts the nodes that were shut down, and those whose holder is gone. */
async function startMissing(plan: ClusterPlan, { holders }: Leftovers, terminal: Terminal): Promise<void> {
  const { clock, signal } = terminal;
  if (plan.machine !== undefined) {
    const missing = plan.nodes.filter((node) => !holders.some((holder) => holder.pidfile === node.files.pidfile));
    return startNodes(plan, missing, terminal);
  }
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
