import { Code } from '@minos/api/common';
import {
  PhaseEvent_Action as PhaseAction,
  SequenceEvent_Action as SequenceAction,
  TaskEvent_Action as TaskAction,
} from '@minos/api/machine';
import { type Clock, Fault, isFault, type Logger, messageOf } from '@minos/base';
import type { EventLog } from '../event/event-log.ts';
import { type Phase, type Sequence, type SequenceName, TAKEOVER, type Task } from './sequence.ts';
import { SequenceProgress } from './sequence-progress.ts';

/** What running sequences needs. */
export interface SequenceRunnerOptions<M> {
  readonly machine: M;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where it tells how far it comes; one of its own when absent. */
  readonly progress?: SequenceProgress;
}

/** Who asked for a sequence, and whether it may end one that does not allow it. */
export interface SequenceRequest {
  readonly actorId: string;
  readonly isForced?: true;
}

interface Running {
  readonly name: SequenceName;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

interface PhaseOf<M> {
  readonly sequence: SequenceName;
  readonly phase: Phase<M>;
}

interface TaskOf<M> {
  readonly sequence: SequenceName;
  readonly phase: string;
  readonly task: Task<M>;
}

const TAKEOVER_MS = 60_000;

/** Runs one sequence at a time, and tells about each step as an event. */
export class SequenceRunner<M> {
  /** How far the last runs came. */
  readonly progress: SequenceProgress;
  readonly #options: SequenceRunnerOptions<M>;
  #running: Running | undefined;

  constructor(options: SequenceRunnerOptions<M>) {
    this.#options = options;
    this.progress = options.progress ?? new SequenceProgress(options.clock);
  }

  /** The sequence that runs. */
  get current(): SequenceName | undefined {
    return this.#running?.name;
  }

  /**
   * Runs a sequence to its end. Another one that runs is ended first when the table or force allows it; otherwise throws
   * `precondition`, which is also told as an event. Throws what the first failing task threw.
   */
  async run(sequence: Sequence<M>, request: SequenceRequest, signal: AbortSignal): Promise<void> {
    // From the last check to taking the place nothing else runs.
    for (let running = this.#running; running !== undefined; running = this.#running) {
      await this.#takeOver(running, { sequence, request }, signal);
    }
    const stop = new AbortController();
    const work = this.#runPhases(sequence, request, AbortSignal.any([signal, stop.signal]));
    const running: Running = { name: sequence.name, stop, done: work.catch(() => undefined) };
    this.#running = running;
    try {
      await work;
    } finally {
      this.#running = undefined;
    }
  }

  async #takeOver(running: Running, by: { sequence: Sequence<M>; request: SequenceRequest }, signal: AbortSignal): Promise<void> {
    const { sequence, request } = by;
    if (request.isForced !== true && !TAKEOVER[running.name].includes(sequence.name)) {
      this.#fail(sequence, request, { code: Code.LOCKED, message: 'sequence not started: locked' });
      throw new Fault('precondition', `${sequence.name} cannot start while ${running.name} runs`);
    }
    running.stop.abort(new Fault('cancelled', `taken over by ${sequence.name}`));
    const waited = new AbortController();
    const patience = this.#options.clock.sleep(TAKEOVER_MS, AbortSignal.any([signal, waited.signal])).then(
      () => 'late',
      () => 'given up',
    );
    const first = await Promise.race([running.done, patience]);
    waited.abort();
    signal.throwIfAborted();
    if (first === 'late') throw new Fault('deadline', `${running.name} does not end; ${sequence.name} cannot take over`);
  }

  async #runPhases(sequence: Sequence<M>, request: SequenceRequest, signal: AbortSignal): Promise<void> {
    const { events, log, machine } = this.#options;
    const { name, phases } = sequence;
    const tell = (action: SequenceAction): void =>
      events.publish({ kind: 'sequence', event: { sequence: name, action, error: undefined } }, request.actorId);
    const needed = phases.filter((phase) => phase.isNeeded?.(machine) ?? true);
    log.info({ sequence: name, phases: needed.length }, 'sequence started');
    tell(SequenceAction.START);
    this.progress.beginSequence(name);
    try {
      for (const phase of needed) await this.#runPhase({ sequence: name, phase }, request, signal);
      this.progress.endSequence(name);
      tell(SequenceAction.STOP);
      log.info({ sequence: name }, 'sequence done');
    } catch (e) {
      this.progress.endSequence(name, messageOf(e));
      tell(SequenceAction.STOP);
      const code = signal.aborted || isFault(e, 'cancelled') ? Code.CANCELED : Code.FATAL;
      this.#fail(sequence, request, { code, message: messageOf(e) });
      throw e;
    }
  }

  async #runPhase({ sequence, phase }: PhaseOf<M>, request: SequenceRequest, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { events } = this.#options;
    events.publish({ kind: 'phase', event: { phase: phase.name, action: PhaseAction.START } }, request.actorId);
    this.progress.beginPhase(sequence, phase.name);
    const others = new AbortController();
    const until = AbortSignal.any([signal, others.signal]);
    try {
      const results = await Promise.allSettled(
        phase.tasks.map((task) =>
          this.#runTask({ sequence, phase: phase.name, task }, request, until).catch((e: unknown) => {
            others.abort(e);
            throw e;
          }),
        ),
      );
      const failed = results.find((result) => result.status === 'rejected');
      this.progress.endPhase(sequence, phase.name, failed === undefined ? 'done' : 'failed');
      if (failed !== undefined) throw others.signal.reason ?? failed.reason;
    } finally {
      events.publish({ kind: 'phase', event: { phase: phase.name, action: PhaseAction.STOP } }, request.actorId);
    }
  }

  async #runTask({ sequence, phase, task }: TaskOf<M>, request: SequenceRequest, signal: AbortSignal): Promise<void> {
    const { events, log, clock, machine } = this.#options;
    const started = clock.monotonicMs();
    const tell = (action: TaskAction): void =>
      events.publish({ kind: 'task', event: { task: task.name, action } }, request.actorId);
    tell(TaskAction.START);
    this.progress.beginTask(sequence, phase, task.name);
    try {
      await task.run(machine, signal);
      this.progress.endTask(sequence, phase, { task: task.name });
      log.info({ task: task.name, durationMs: Math.round(clock.monotonicMs() - started) }, 'task done');
    } catch (e) {
      this.progress.endTask(sequence, phase, { task: task.name, error: messageOf(e) });
      log.warn({ task: task.name, durationMs: Math.round(clock.monotonicMs() - started), err: messageOf(e) }, 'task failed');
      throw e;
    } finally {
      tell(TaskAction.STOP);
    }
  }

  #fail(sequence: Sequence<M>, request: SequenceRequest, error: { readonly code: Code; readonly message: string }): void {
    const event = { sequence: sequence.name, action: SequenceAction.NOOP, error: { ...error, details: [] } };
    this.#options.events.publish({ kind: 'sequence', event }, request.actorId);
    this.#options.log.warn({ sequence: sequence.name, reason: error.message }, 'sequence failed');
  }
}
