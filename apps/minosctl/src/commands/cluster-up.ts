import type { RunCommand } from '../cli/command.ts';
import { type BringUpOptions, bringUp } from '../cluster/bring-up.ts';
import { requireRoot } from '../cluster/check-host.ts';

/** Starts a cluster of containers on this machine, waits until it is ready and shows its nodes. */
export const up: RunCommand<BringUpOptions> = async (call) => {
  requireRoot(call.terminal, 'cluster up');
  return bringUp(call, undefined);
};
