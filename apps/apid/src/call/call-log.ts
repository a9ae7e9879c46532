import type { Clock, Logger } from '@minos/base';
import type { CallOutcome } from './call-deps.ts';
import { Status } from './grpc-status.ts';

const LINES_PER_SECOND = 50;

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
 * nothing. A caller cannot fill the log: beyond 50 lines a second the failures are counted instead.
 */
export class CallLog {
  readonly #log: Logger;
  readonly #clock: Clock;
  #secondMs = 0;
  #lines = 0;
  #dropped = 0;

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** To be called with each call that is over. */
  finished(outcome: CallOutcome): void {
    if (!outcome.isMutating && !TROUBLE.has(outcome.code)) return;
    if (!outcome.isMutating && !this.#hasRoom()) return;
    const { method, caller, roles, code, message, durationMs } = outcome;
    const fields = { method, peer: caller.peer, roles, code, durationMs: Math.round(durationMs) };
    if (code === Status.ok) this.#log.info(fields, 'call');
    else this.#log.info({ ...fields, reason: message }, 'call failed');
  }

  #hasRoom(): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#secondMs >= 1000) {
      if (this.#dropped > 0) this.#log.warn({ calls: this.#dropped }, 'failed calls were not logged one by one');
      this.#secondMs = nowMs;
      this.#lines = 0;
      this.#dropped = 0;
    }
    if (this.#lines++ < LINES_PER_SECOND) return true;
    this.#dropped++;
    return false;
  }
}
