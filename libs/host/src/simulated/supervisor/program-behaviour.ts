import type { Exit } from '../../port/supervisor.ts';

/** How a simulated program behaves when init starts it. */
export interface ProgramBehaviour {
  /** When it writes its line on the ready fd; undefined for never. */
  readonly readyAfterMs: number | undefined;
  /** When it ends by itself; undefined for not at all. */
  readonly exitAfterMs: number | undefined;
  /** How it ends by itself. */
  readonly exit: Exit;
  /** How long it takes to end when asked to; undefined when it does not listen. */
  readonly stopAfterMs: number | undefined;
  /** Why it cannot be started; undefined when it can. */
  readonly refusal: string | undefined;
  /** What wrapperd cannot set for it. */
  readonly unmet: readonly string[];
  /** Lines that it writes when it has started. */
  readonly log: readonly string[];
}

/** A program that becomes ready soon, stays, and ends when asked. */
export const WELL_BEHAVED: ProgramBehaviour = {
  readyAfterMs: 10,
  exitAfterMs: undefined,
  exit: { kind: 'exited', code: 1 },
  stopAfterMs: 5,
  refusal: undefined,
  unmet: [],
  log: [],
};
