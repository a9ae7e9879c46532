import { PhaseInfo, Progress, SequenceInfo, TaskInfo } from '@minos/api/minos';
import { REBOOT, SHUTDOWN } from '../../power/power-sequences.ts';
import type { Machine } from '../../runtime/machine.ts';
import { BOOT, INITIALIZE } from '../../sequence/boot-sequences.ts';
import { type Phase, type Sequence, TAKEOVER, type Task } from '../../sequence/sequence.ts';
import type { PhaseProgress, SequenceProgress, StepState, TaskProgress } from '../../sequence/sequence-progress.ts';
import { duration } from '../duration.ts';

/** Every sequence that a node knows, in the order in which it goes through them. */
export const SEQUENCES: readonly Sequence<Machine>[] = [INITIALIZE, BOOT, REBOOT, SHUTDOWN];

const PROGRESS: Readonly<Record<StepState, Progress>> = {
  running: Progress.PROGRESS_RUNNING,
  done: Progress.PROGRESS_DONE,
  failed: Progress.PROGRESS_FAILED,
};

/** What every sequence consists of, and how far the last run of each came. */
export function sequenceMessages(machine: Machine, progress: SequenceProgress): SequenceInfo[] {
  return SEQUENCES.map(({ name, phases }) => {
    const run = progress.of(name);
    return SequenceInfo.fromPartial({
      name,
      progress: run === undefined ? Progress.PROGRESS_NOT_RUN : PROGRESS[run.state],
      phases: phases.map((phase) => phaseMessage(phase, { machine, progress, reached: run?.phases.get(phase.name) })),
      endedBy: [...TAKEOVER[name]],
    });
  });
}

interface PhaseContext {
  readonly machine: Machine;
  readonly progress: SequenceProgress;
  readonly reached: PhaseProgress | undefined;
}

function phaseMessage(phase: Phase<Machine>, { machine, progress, reached }: PhaseContext): PhaseInfo {
  const isNeeded = phase.isNeeded?.(machine) ?? true;
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

function taskMessage({ name }: Task<Machine>, { absent, progress, reached }: TaskContext): TaskInfo {
  if (reached === undefined) return TaskInfo.fromPartial({ name, progress: absent });

  return TaskInfo.fromPartial({
    name,
    progress: PROGRESS[reached.state],
    duration: duration(progress.durationMs(reached)),
    error: reached.error,
  });
}
