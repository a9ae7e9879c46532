import type { RunCommand } from '../cli/command.ts';
import { requireRoot } from '../cluster/check-host.ts';
import { type ClusterFlags, clusterIdentity } from '../cluster/cluster-options.ts';
import { observeLeftovers } from '../cluster/observe-leftovers.ts';
import { applySweep } from '../cluster/sweep-apply.ts';
import { planSweep } from '../cluster/sweep-plan.ts';

/** Ends a cluster of this machine and takes away everything that it made; nothing there is fine too. */
export const down: RunCommand<ClusterFlags> = async ({ options, terminal }) => {
  requireRoot(terminal, 'cluster down');
  const { clock, signal } = terminal;
  const identity = clusterIdentity(options, terminal);
  const steps = planSweep(await observeLeftovers(identity), identity);
  if (steps.length > 0) terminal.progress(`ending cluster "${identity.name}"`);
  await applySweep(steps, { clock, signal });
  // What the end of the nodes left behind in turn, such as a directory of a cgroup.
  await applySweep(planSweep(await observeLeftovers(identity), identity), { clock, signal });
  terminal.progress('');
  await terminal.out(steps.length > 0 ? `cluster "${identity.name}" is gone\n` : `there is no cluster "${identity.name}"\n`);
  return 0;
};
