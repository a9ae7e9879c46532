import type { Logger } from '@minos/base';
import type { CallOutcome } from '../call/call-deps.ts';
import { Status } from '../call/grpc-status.ts';
import type { LineLimit } from './line-limit.ts';

/** What apid itself or a backend in trouble answers with; other codes are answers like any. */
const TROUBLE: ReadonlySet<number> = new Set([
  Status.permissionDenied,
  Status.unauthenticated,
  Status.internal,
  Status.unavailable,
  Status.unknown,
]);

/**
 * Puts calls into the log: those that change something, and those that failed for a reason of the system. Others cost
 * nothing, and failures have a limit, so that a caller cannot fill the log.
 */
export class CallLog {
  readonly #log: Logger;
  readonly #limit: LineLimit;

  constructor(log: Logger, limit: LineLimit) {
    this.#log = log;
    this.#limit = limit;
  }

  /** To be called with each call that is over. */
  finished(outcome: CallOutcome): void {
    const { method, caller, roles, code, message, durationMs, isMutating } = outcome;
    if (!isMutating && !(TROUBLE.has(code) && this.#limit.hasRoom())) return;
    const fields = { method, peer: caller.peer, roles, code, durationMs: Math.round(durationMs) };
    if (code === Status.ok || code === Status.cancelled) this.#log.info(fields, 'call');
    else this.#log.info({ ...fields, reason: message }, 'call failed');
  }
}
