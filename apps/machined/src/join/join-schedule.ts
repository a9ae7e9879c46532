/** How long one attempt may take, in milliseconds. */
export const ATTEMPT_TIMEOUT_MS = 10_000;

/** Longest wait between two attempts, in milliseconds. */
export const LONGEST_WAIT_MS = 5000;
const FIRST_WAIT_MS = 500;
/** Part of a certificate's half-life that the renewal may be early, so that a cluster does not ask all at once. */
const JITTER = 0.1;

/** The wait after this many failed attempts (1 = the first), in milliseconds: half a second, doubled up to five. Pure. */
export function joinWaitMs(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1));
}

/** When to renew a certificate: at half of its life, or up to a tenth of that half earlier, by chance in [0, 1). Pure. */
export function renewalMs(notBeforeMs: number, halfLifeMs: number, chance: number): number {
  return halfLifeMs - (halfLifeMs - notBeforeMs) * JITTER * chance;
}
