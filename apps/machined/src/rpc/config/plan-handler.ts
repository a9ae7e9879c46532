import { PlanResponse } from '@minos/api/minos';
import { formatProblems, isFault } from '@minos/base';
import { diffConfigs, parseMachineConfig, reachChanges } from '@minos/config';
import { observePlanState } from '../../config-plan/observe-plan-state.ts';
import { planConfig } from '../../config-plan/plan-config.ts';
import { checkMachineType } from '../../node-config/machine-type-rule.ts';
import type { Machine } from '../../runtime/machine.ts';
import type { ConfigHandlers } from './config-handlers.ts';

/** Plan: what applying a configuration would change on this node as it stands. */
export function planHandler(machine: Machine): Pick<ConfigHandlers, 'Plan'> {
  return {
    Plan: async ({ data }) => {
      machine.config.checkLoaded();
      const parsed = parseMachineConfig(data.toString('utf8'));
      if (!parsed.ok) return PlanResponse.fromPartial({ problems: parsed.problems.map((problem) => formatProblems([problem])) });
      const next = parsed.value;
      const { current } = machine.config;
      try {
        checkMachineType(current, next);
      } catch (e) {
        if (!isFault(e, 'precondition')) throw e;
        return PlanResponse.fromPartial({ problems: [e.message] });
      }
      const changes = planConfig(await observePlanState(machine), next);
      return PlanResponse.fromPartial({
        warnings: next.warnings.map((warning) => formatProblems([warning])),
        changes: [...changes],
        reach: current === undefined ? [] : [...reachChanges(current, next)],
        diff: diffConfigs(current?.text ?? '', next.text),
        // Everything that this version knows takes effect while the node runs.
        needsReboot: false,
        // Installation and volumes are checked and kept, and nothing acts on them yet.
        disks: [],
      });
    },
  };
}
