import type { Http2Limits } from './limits.ts';
import type { LimitName } from './process-use.ts';

/** What a connection tells about itself at a check. */
export interface OverdueCheck {
  readonly nowMs: number;
  /** Whether the other end's settings came. */
  readonly isReady: boolean;
  /** Whether it has acknowledged ours. */
  readonly isAcknowledged: boolean;
  readonly hasStreams: boolean;
  /** Since when a header block waits for its end. */
  readonly blockSinceMs: number | undefined;
}

/** Decides whether a connection has taken too long for something that it owes. */
export class Overdue {
  readonly #limits: Http2Limits;
  readonly #openedMs: number;
  #readyMs: number | undefined;
  #emptySinceMs: number | undefined;

  constructor(limits: Http2Limits, nowMs: number) {
    this.#limits = limits;
    this.#openedMs = nowMs;
  }

  /** To be asked again and again: the limit of time that was reached, if any. */
  check({ nowMs, isReady, isAcknowledged, hasStreams, blockSinceMs }: OverdueCheck): LimitName | undefined {
    const { prefaceMs, settingsAckMs, headerBlockMs, idleMs } = this.#limits;
    if (!isReady) return nowMs - this.#openedMs >= prefaceMs ? 'preface' : undefined;
    this.#readyMs ??= nowMs;
    if (!isAcknowledged && nowMs - this.#readyMs >= settingsAckMs) return 'settingsAck';
    if (blockSinceMs !== undefined && nowMs - blockSinceMs >= headerBlockMs) return 'headerBlockTime';
    if (hasStreams) {
      this.#emptySinceMs = undefined;
      return undefined;
    }
    this.#emptySinceMs ??= nowMs;
    return nowMs - this.#emptySinceMs >= idleMs ? 'idle' : undefined;
  }
}
