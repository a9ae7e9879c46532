import type { Caller } from '../identity/caller.ts';
import type { CallDeps } from './call-deps.ts';
import type { PlannedCall } from './call-plan.ts';
import type { Deadline, Expiring } from './deadline-queue.ts';
import type { Endable } from './open-calls.ts';

/** Who calls, what, and since when; tells once how it ended. */
export class CallRecord {
  readonly plan: PlannedCall;
  readonly startedMs: number;
  readonly #deps: CallDeps;
  readonly #caller: Caller;
  #deadline: Deadline | undefined;

  constructor(plan: PlannedCall, caller: Caller, deps: CallDeps) {
    this.plan = plan;
    this.#caller = caller;
    this.#deps = deps;
    this.startedMs = deps.clock.monotonicMs();
  }

  /** Has the call told when so many milliseconds are over before it is. */
  limit(ms: number, call: Expiring): void {
    this.#deadline = this.#deps.deadlines.set(ms, call);
  }

  /** The call begins, and may be ended from outside until it is over. */
  begin(call: Endable): void {
    this.#deps.open.add(this, { kind: this.plan.row.kind, call });
  }

  /** The call is over. */
  finished(code: number, message: string): void {
    this.#deps.open.remove(this);
    this.#deadline?.cancel();
    const { row, roles } = this.plan;
    this.#deps.finished({
      method: row.path,
      caller: this.#caller,
      roles,
      code,
      message,
      durationMs: this.#deps.clock.monotonicMs() - this.startedMs,
      isMutating: isMutating(row.roles),
    });
  }
}

/** What a reader may not call changes something, or shows a secret: both are worth a line in the log. */
function isMutating(roles: readonly string[]): boolean {
  return !roles.includes('os:reader');
}
