import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { ClusterPlan, NodePlan } from './cluster-plan.ts';

/** The command line of a node's holder; pure. */
export function holderArguments(plan: ClusterPlan, node: NodePlan): string[] {
  const { files } = node;
  const options = {
    name: node.name,
    root: plan.imageMount,
    state: files.state,
    ephemeral: files.ephemeral,
    bridge: plan.bridge,
    veth: node.veth,
    log: files.log,
    cgroup: node.cgroup,
    pidfile: files.pidfile,
    status: files.status,
  };
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
}

/** Starts the holder of a node; it goes on when this process is gone. Throws when it cannot be run. */
export async function startHolder(plan: ClusterPlan, node: NodePlan): Promise<void> {
  await mkdir(node.files.ephemeral, { recursive: true, mode: 0o755 });
  const child = spawn(plan.holder, holderArguments(plan, node), {
    cwd: '/',
    detached: true,
    stdio: 'ignore',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  await once(child, 'spawn');
  child.unref();
}
