import { isFault } from '@minos/base';

/** What a supervisor reads from the way that a daemon ended. */
export const EXIT = {
  /** Asked to stop. */
  asked: 0,
  /** Its own configuration is wrong: do not restart it. */
  configuration: 100,
  /** The world failed it: restart it. */
  failed: 111,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What was known when a daemon's `run` ended. */
export interface Ending {
  readonly wasAsked: boolean;
  readonly wasReady: boolean;
  /** What `run` threw; undefined when it returned. */
  readonly error: unknown;
}

/**
 * The exit code for an ending; pure. Returning unasked is right before `ready()` (a mode that prints and ends) and a
 * failure after it; only before `ready()` is a Fault `invalid` or `precondition` a matter of configuration.
 */
export function exitCodeOf(ending: Ending): ExitCode {
  if (ending.error === undefined) return ending.wasAsked || !ending.wasReady ? EXIT.asked : EXIT.failed;
  if (ending.wasAsked && isFault(ending.error, 'cancelled')) return EXIT.asked;
  const isOwnFault = isFault(ending.error, 'invalid') || isFault(ending.error, 'precondition');
  return isOwnFault && !ending.wasReady ? EXIT.configuration : EXIT.failed;
}
