import type { ReachPart } from '@minos/config';
import { decideConfig, publishInForce } from '../node-config/apply-config.ts';
import type { ApplyPlan } from '../node-config/apply-plan.ts';
import type { ConfigChange } from '../node-config/config-keeper.ts';
import type { PowerControl } from '../power/power-control.ts';
import type { Machine } from '../runtime/machine.ts';
import type { Sequence } from './sequence.ts';

/** A configuration that was found good, and how it is applied. */
export interface ApplyRun {
  readonly machine: Machine;
  readonly power: PowerControl;
  readonly plan: ApplyPlan;
  readonly change: ConfigChange;
  /** What the node can be lost by. */
  readonly reach: readonly ReachPart[];
}

/**
 * Applies a configuration, beside whatever else runs: a boot may be waiting for just this. It is decided whole or not at
 * all, by the table in `config-table.ts`. Where the network changes, the node follows only when the answer has had time to leave.
 */
export const APPLY: Sequence<ApplyRun> = {
  name: 'apply',
  phases: [
    {
      name: 'decide',
      tasks: [{ name: 'decideConfig', run: ({ machine, plan, change }) => decideConfig(machine, plan.event, change) }],
    },
    {
      name: 'follow',
      isNeeded: ({ reach }) => !reach.includes('network'),
      tasks: [{ name: 'publishConfig', run: ({ machine }) => publishUnlessDone(machine) }],
    },
    {
      name: 'reboot',
      isNeeded: ({ plan }) => plan.isRebooting,
      tasks: [{ name: 'askForReboot', run: async ({ power }) => void power.request({ kind: 'reboot' }) }],
    },
  ],
};

async function publishUnlessDone(machine: Machine): Promise<void> {
  if (machine.config.current !== machine.config.published) await publishInForce(machine);
}
