import type { Clock } from '@minos/base';
import type { SequenceName } from './sequence.ts';

/** How far a sequence, phase or task came; without one, nobody asked for it since machined started. */
export type StepState = 'running' | 'done' | 'failed';

/** How far one task came. */
export interface TaskProgress {
  readonly state: StepState;
  readonly startedMs: number;
  /** How long it took; undefined while it runs. */
  readonly durationMs: number | undefined;
  /** What it failed of. */
  readonly error: string;
}

/** How far one phase came. */
export interface PhaseProgress {
  readonly state: StepState;
  readonly tasks: ReadonlyMap<string, TaskProgress>;
}

/** How far the last run of a sequence came. */
export interface RunProgress {
  readonly state: StepState;
  readonly error: string;
  readonly phases: ReadonlyMap<string, PhaseProgress>;
}

interface Phase {
  state: StepState;
  readonly tasks: Map<string, TaskProgress>;
}

interface Run {
  state: StepState;
  error: string;
  readonly phases: Map<string, Phase>;
}

/** How far the last run of each sequence came; in memory only. */
export class SequenceProgress {
  readonly #clock: Clock;
  readonly #runs = new Map<SequenceName, Run>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The last run; undefined when there was none since machined started. */
  of(name: SequenceName): RunProgress | undefined {
    return this.#runs.get(name);
  }

  /** How long a task took, or takes already, in milliseconds. */
  durationMs({ startedMs, durationMs }: TaskProgress): number {
    return durationMs ?? Math.round(this.#clock.monotonicMs() - startedMs);
  }

  beginSequence(name: SequenceName): void {
    this.#runs.set(name, { state: 'running', error: '', phases: new Map() });
  }

  endSequence(name: SequenceName, error?: string): void {
    const run = this.#runs.get(name);
    if (run === undefined) return;
    run.state = error === undefined ? 'done' : 'failed';
    run.error = error ?? '';
  }

  beginPhase(name: SequenceName, phase: string): void {
    this.#runs.get(name)?.phases.set(phase, { state: 'running', tasks: new Map() });
  }

  endPhase(name: SequenceName, phase: string, state: StepState): void {
    const found = this.#runs.get(name)?.phases.get(phase);
    if (found !== undefined) found.state = state;
  }

  beginTask(name: SequenceName, phase: string, task: string): void {
    const startedMs = this.#clock.monotonicMs();
    this.#tasks(name, phase)?.set(task, { state: 'running', startedMs, durationMs: undefined, error: '' });
  }

  endTask(name: SequenceName, phase: string, end: { readonly task: string; readonly error?: string }): void {
    const tasks = this.#tasks(name, phase);
    const started = tasks?.get(end.task);
    if (tasks === undefined || started === undefined) return;
    const state = end.error === undefined ? 'done' : 'failed';
    tasks.set(end.task, { ...started, state, durationMs: this.durationMs(started), error: end.error ?? '' });
  }

  #tasks(name: SequenceName, phase: string): Map<string, TaskProgress> | undefined {
    return this.#runs.get(name)?.phases.get(phase)?.tasks;
  }
}
