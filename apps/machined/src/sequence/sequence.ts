/** One piece of work of a phase. */
export interface Task<M> {
  readonly name: string;
  run(machine: M, signal: AbortSignal): Promise<void>;
}

/** Tasks that run together; the first failure gives up the others. */
export interface Phase<M> {
  readonly name: string;
  readonly tasks: readonly Task<M>[];
  /** Looked at when the phase is reached; false skips it. */
  readonly isNeeded?: (machine: M) => boolean;
}

/** The sequences that there are. */
export type SequenceName = 'initialize' | 'boot' | 'apply' | 'reboot' | 'shutdown' | 'reset' | 'upgrade';

/** Phases, one after the other. */
export interface Sequence<M> {
  readonly name: SequenceName;
  readonly phases: readonly Phase<M>[];
  /** Why it is never run, and what to do instead. */
  readonly refusal?: string;
}

/** Which sequences may end a running one before its time; a shutdown may end each, as whoever asks for it means it. `apply` runs beside the others. */
export const TAKEOVER: Readonly<Record<SequenceName, readonly SequenceName[]>> = {
  initialize: ['reboot'],
  boot: ['reboot', 'reset', 'upgrade'],
  apply: [],
  reboot: ['reboot'],
  shutdown: [],
  reset: ['reboot'],
  upgrade: [],
};
