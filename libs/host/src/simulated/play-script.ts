import { type Clock, isFault } from '@minos/base';
import type { FixtureAction, ScriptStep } from './fixture/fixture.ts';

/** What the machine does for each action of a script. */
export type ActionExecutors = {
  readonly [K in FixtureAction['do']]: (action: Extract<FixtureAction, { readonly do: K }>) => void;
};

/** Carries out one action. */
export function act(executors: ActionExecutors, action: FixtureAction): void {
  // Each executor takes the action of its own name; the union of them all does not show it to the compiler.
  const execute = executors[action.do] as (action: FixtureAction) => void;
  execute(action);
}

/** Lets a script happen in time, until its end or until aborted. */
export async function playScript(
  deps: { readonly clock: Clock; readonly executors: ActionExecutors; readonly steps: readonly ScriptStep[] },
  signal: AbortSignal,
): Promise<void> {
  const startMs = deps.clock.monotonicMs();
  try {
    for (const { afterMs, action } of deps.steps.toSorted((a, b) => a.afterMs - b.afterMs)) {
      const waitMs = startMs + afterMs - deps.clock.monotonicMs();
      if (waitMs > 0) await deps.clock.sleep(waitMs, signal);
      act(deps.executors, action);
    }
  } catch (e) {
    if (!isFault(e, 'cancelled')) throw e;
  }
}
