/** How long to wait between tries. */
export interface BackoffPolicy {
  readonly firstMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

/** The wait before try number `attempt` (1 = the first repetition), in milliseconds, without jitter; pure. */
export function backoffMs(policy: BackoffPolicy, attempt: number): number {
  if (attempt < 1) return 0;
  return Math.min(policy.maxMs, policy.firstMs * policy.factor ** (attempt - 1));
}
