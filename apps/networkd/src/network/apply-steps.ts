import type { Logger } from '@minos/base';

/** What carries out each kind of step; one that is missing does not compile. */
export type Executors<S extends { readonly op: string }> = { [K in S['op']]: (step: Extract<S, { op: K }>) => Promise<void> };

/** A step that could not be carried out. */
export interface FailedStep {
  readonly step: { readonly op: string };
  readonly err: unknown;
}

/** Carries out steps in order; one that fails does not keep the others from being tried. */
export async function applySteps<S extends { readonly op: string }>(
  steps: readonly S[],
  executors: Executors<S>,
  log: Logger,
): Promise<readonly FailedStep[]> {
  const failed: FailedStep[] = [];
  for (const step of steps) {
    try {
      await execute(step, executors);
      log.info({ step }, 'network changed');
    } catch (err) {
      failed.push({ step, err });
    }
  }
  return failed;
}

/** The compiler cannot see that the executor under `step.op` takes just this step; the type of the table says so. */
function execute<S extends { readonly op: string }>(step: S, executors: Executors<S>): Promise<void> {
  const table: Readonly<Record<string, (step: never) => Promise<void>>> = executors;
  const executor = table[step.op];
  return executor === undefined ? Promise.resolve() : executor(step as never);
}
