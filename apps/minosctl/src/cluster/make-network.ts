import { writeFile } from 'node:fs/promises';
import type { ClusterPlan } from './cluster-plan.ts';
import { ensureGuardRoute, guardedNetwork } from './guard-route.ts';
import { BRIDGE_ALIAS } from './observe-leftovers.ts';
import { runTool } from './run-tool.ts';

/** Makes the bridge of the cluster with the host's address on it. */
export async function makeNetwork(plan: ClusterPlan): Promise<void> {
  const { bridge } = plan;
  await ensureGuardRoute(guardedNetwork(plan.subnet.cidr));
  await runTool('ip', ['link', 'add', bridge, 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0']);
  await runTool('ip', ['link', 'set', bridge, 'alias', `${BRIDGE_ALIAS}${plan.name}`]);
  await runTool('ip', ['address', 'add', `${plan.gateway}/${plan.subnet.length}`, 'dev', bridge]);
  await runTool('ip', ['link', 'set', bridge, 'up']);
  // A node that is just coming up is found by the next question: arp(7) waits a second between them.
  await writeFile(`/proc/sys/net/ipv4/neigh/${bridge}/retrans_time_ms`, '100');
}
