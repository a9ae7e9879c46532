import type { Http2Limits } from './limits.ts';
import { Liveness, type LivenessLimits } from './liveness.ts';
import { Overdue, type OverdueCheck } from './overdue.ts';
import type { LimitName } from './process-use.ts';

/** What a connection tells about itself at a check. */
export interface UpkeepCheck extends OverdueCheck {
  /** Bytes that the socket has not taken. */
  readonly pending: number;
}

/** Decides from time to time whether a connection is pinged, left or given up. */
export class Upkeep {
  readonly #liveness: Liveness;
  readonly #overdue: Overdue;

  constructor(limits: Http2Limits, liveness: LivenessLimits, nowMs: number) {
    this.#liveness = new Liveness(liveness, nowMs);
    this.#overdue = new Overdue(limits, nowMs);
  }

  /** Something arrived. */
  heard(nowMs: number): void {
    this.#liveness.heard(nowMs);
  }

  /** To be asked again and again: what to do now, or which limit of time was reached. */
  check(state: UpkeepCheck): 'nothing' | 'ping' | LimitName {
    const limit = this.#overdue.check(state);
    if (limit !== undefined) return limit;
    const verdict = this.#liveness.check(state);
    return verdict === 'dead' ? 'keepalive' : verdict;
  }
}
