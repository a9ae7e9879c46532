import { Fault } from '@minos/base';
import type { RunCommand } from '../cli/command.ts';
import { bringUp } from '../cluster/bring-up.ts';
import { requireRoot } from '../cluster/check-host.ts';
import type { ClusterFlags } from '../cluster/cluster-options.ts';
import type { MachinePlan } from '../cluster/cluster-plan.ts';

interface Options extends ClusterFlags {
  readonly provisioner: 'container' | 'qemu';
  readonly controlplanes: number;
  readonly workers: number;
  readonly memory: number;
  readonly cpus: number;
  readonly accel: MachinePlan['accel'];
  readonly image: string | undefined;
  readonly holder: string | undefined;
  readonly timeout: number;
}

const LEAST_MIB = 256;

/** Starts a cluster of containers or of machines in QEMU on this machine, waits until it is ready and shows its nodes. */
export const create: RunCommand<Options> = async (call) => {
  requireRoot(call.terminal, 'cluster create');
  const { provisioner, controlplanes, memory: memoryMib, cpus, accel } = call.options;
  if (controlplanes !== 1) {
    throw new Fault(
      'invalid',
      `--controlplanes takes 1, not ${controlplanes}: clusters with several need etcd, which is not there yet`,
    );
  }
  if (provisioner === 'container') return bringUp(call, undefined);
  if (memoryMib < LEAST_MIB) throw new Fault('invalid', `--memory takes at least ${LEAST_MIB} (MiB), not ${memoryMib}`);
  if (cpus < 1) throw new Fault('invalid', `--cpus takes at least 1, not ${cpus}`);
  return bringUp(call, { memoryMib, cpus, accel, checkout: call.terminal.checkout });
};
