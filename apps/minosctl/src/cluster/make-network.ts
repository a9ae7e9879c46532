import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { ClusterPlan } from './cluster-plan.ts';
import { ensureGuardRoute, guardedNetwork } from './guard-route.ts';
import { BRIDGE_ALIAS } from './observe-leftovers.ts';
import { runTool } from './run-tool.ts';

/** Makes the bridge of the cluster with the host's address on it. */
export async function makeNetwork(plan: ClusterPlan): Promise<void> {
  const { bridge } = plan;
  await ensureGuardRoute(guardedNetwork(plan.subnet.cidr));
  // Without one of its own a bridge takes an address of its ports, another one when they come and go, and nodes would send to the old.
  await runTool('ip', [
    'link',
    'add',
    bridge,
    'address',
    etherAddress(plan.name),
    'type',
    'bridge',
    'stp_state',
    '0',
    'forward_delay',
    '0',
  ]);
  await runTool('ip', ['link', 'set', bridge, 'alias', `${BRIDGE_ALIAS}${plan.name}`]);
  await runTool('ip', ['address', 'add', `${plan.gateway}/${plan.subnet.length}`, 'dev', bridge]);
  await runTool('ip', ['link', 'set', bridge, 'up']);
  if (plan.machine !== undefined) for (const { veth } of plan.nodes) await makeTap(veth, bridge);
  // A node that is just coming up is found by the next question: arp(7) waits a second between them.
  await writeFile(`/proc/sys/net/ipv4/neigh/${bridge}/retrans_time_ms`, '100');
}

/** A link whose other end QEMU opens. */
async function makeTap(name: string, bridge: string): Promise<void> {
  await runTool('ip', ['tuntap', 'add', 'dev', name, 'mode', 'tap']);
  await runTool('ip', ['link', 'set', name, 'master', bridge, 'up']);
}

/** A locally administered address that follows from a name. */
export function etherAddress(name: string): string {
  return `02${createHash('sha256').update(name).digest('hex').slice(0, 10).replace(/../g, ':$&')}`;
}
