/** What a connection tells about itself at a check. */
export interface LivenessCheck {
  readonly nowMs: number;
  readonly hasStreams: boolean;
  /** Bytes that the socket has not taken. */
  readonly pending: number;
}

/** How long to wait. */
export interface LivenessLimits {
  readonly keepaliveIdleMs: number;
  readonly keepaliveTimeoutMs: number;
}

/**
 * Decides when a silent connection is pinged and when it counts as dead. Output that a full socket goes on taking counts as a
 * sign of life, because a PING stands behind it.
 */
export class Liveness {
  readonly #limits: LivenessLimits;
  #heardAt: number;
  #pingedAt: number | undefined;
  #pendingBefore = 0;

  constructor(limits: LivenessLimits, nowMs: number) {
    this.#limits = limits;
    this.#heardAt = nowMs;
  }

  /** Something arrived. */
  heard(nowMs: number): void {
    this.#heardAt = nowMs;
    this.#pingedAt = undefined;
  }

  /** To be asked again and again: what to do now. */
  check({ nowMs, hasStreams, pending }: LivenessCheck): 'nothing' | 'ping' | 'dead' {
    const isDraining = pending > 0 && pending < this.#pendingBefore;
    this.#pendingBefore = pending;
    if (!hasStreams || isDraining) {
      this.heard(nowMs);
      return 'nothing';
    }
    if (this.#pingedAt !== undefined) return nowMs - this.#pingedAt >= this.#limits.keepaliveTimeoutMs ? 'dead' : 'nothing';
    if (nowMs - this.#heardAt < this.#limits.keepaliveIdleMs) return 'nothing';
    this.#pingedAt = nowMs;
    return 'ping';
  }
}
