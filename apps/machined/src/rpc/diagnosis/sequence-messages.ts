import { PhaseInfo, Progress, SequenceInfo, TaskInfo } from '@minos/api/minos';
import type { Machine } from '../../runtime/machine.ts';
import { APPLY } from '../../sequence/apply-sequence.ts';
import { BOOT } from '../../sequence/boot-sequence.ts';
import { INITIALIZE } from '../../sequence/initialize-sequence.ts';
import { REBOOT } from '../../sequence/reboot-sequence.ts';
import { RESET } from '../../sequence/reset-sequence.ts';
import { type Phase, type Sequence, TAKEOVER } from '../../sequence/sequence.ts';
import type { PhaseProgress, SequenceProgress, StepState, TaskProgress } from '../../sequence/sequence-progress.ts';
import { SHUTDOWN } from '../../sequence/shutdown-sequence.ts';
import { UPGRADE } from '../../sequence/upgrade-sequence.ts';
import { duration } from '../duration.ts';

/** A sequence as it is shown: what it is run on does not matter. */
type ShownSequence = Omit<Sequence<Machine>, 'phases'> & { readonly phases: readonly ShownPhase[] };
type ShownPhase = Pick<Phase<Machine>, 'name' | 'isNeeded'> & { readonly tasks: readonly { readonly name: string }[] };

/** Which phases an apply needs depends on what is applied. */
const SHOWN_APPLY: ShownSequence = { name: APPLY.name, phases: APPLY.phases.map(({ name, tasks }) => ({ name, tasks })) };

/** Every sequence that a node knows, in the order in which it goes through them. */
export const SEQUENCES: readonly ShownSequence[] = [INITIALIZE, BOOT, SHOWN_APPLY, REBOOT, SHUTDOWN, RESET, UPGRADE];

const PROGRESS: Readonly<Record<StepState, Progress>> = {
  running: Progress.PROGRESS_RUNNING,
  done: Progress.PROGRESS_DONE,
  failed: Progress.PROGRESS_FAILED,
};

/** What every sequence consists of, and how far the last run of each came. */
export function sequenceMessages(machine: Machine, progress: SequenceProgress): SequenceInfo[] {
  return SEQUENCES.map(({ name, phases, refusal }) => {
    const run = progress.of(name);
    return SequenceInfo.fromPartial({
      name,
      progress: run === undefined ? Progress.PROGRESS_NOT_RUN : PROGRESS[run.state],
      phases: phases.map((phase) =>
        phaseMessage(phase, { machine, progress, isDone: run?.state === 'done', reached: run?.phases.get(phase.name) }),
      ),
      refusal: refusal ?? '',
      endedBy: [...TAKEOVER[name]],
    });
  });
}

interface PhaseContext {
  readonly machine: Machine;
  readonly progress: SequenceProgress;
  readonly reached: PhaseProgress | undefined;
  /** A phase that was not reached then was not needed. */
  readonly isDone: boolean;
}

function phaseMessage(phase: ShownPhase, { machine, progress, reached, isDone }: PhaseContext): PhaseInfo {
  const isNeeded = !isDone && (phase.isNeeded?.(machine) ?? true);
  const absent = isNeeded ? Progress.PROGRESS_NOT_RUN : Progress.PROGRESS_SKIPPED;
  return PhaseInfo.fromPartial({
    name: phase.name,
    progress: reached === undefined ? absent : PROGRESS[reached.state],
    tasks: phase.tasks.map((task) => taskMessage(task, { absent, progress, reached: reached?.tasks.get(task.name) })),
  });
}

interface TaskContext {
  readonly absent: Progress;
  readonly progress: SequenceProgress;
  readonly reached: TaskProgress | undefined;
}

function taskMessage({ name }: { readonly name: string }, { absent, progress, reached }: TaskContext): TaskInfo {
  if (reached === undefined) return TaskInfo.fromPartial({ name, progress: absent });

  return TaskInfo.fromPartial({
    name,
    progress: PROGRESS[reached.state],
    duration: duration(progress.durationMs(reached)),
    error: reached.error,
  });
}
