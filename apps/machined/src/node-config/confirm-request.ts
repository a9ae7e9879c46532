import { Fault } from '@minos/base';
import type { CallMetadata } from '@minos/rpc';

/** What whoever applies a configuration asks for besides. */
export interface ConfirmRequestHeaders {
  /** How long the node waits for a confirmation; undefined: it keeps the configuration without one. */
  readonly timeoutMs: number | undefined;
  /** Whether a confirmation is wanted only for what a node can be lost by. */
  readonly isForReachOnly: boolean;
}

const TIMEOUT_HEADER = 'minos-confirm-timeout';
const WHEN_HEADER = 'minos-confirm-when';
const FORM = /^(\d{1,6})(ms|s|m)?$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
const LONGEST_MS = 24 * 3600 * 1000;

/** Reads the headers `minos-confirm-timeout` (`60s`, `2m`, seconds without a unit) and `minos-confirm-when` (`reach`); throws `invalid`. */
export function readConfirmHeaders(metadata: CallMetadata): ConfirmRequestHeaders {
  const text = metadata.first(TIMEOUT_HEADER);
  const isForReachOnly = metadata.first(WHEN_HEADER) === 'reach';
  if (text === undefined) return { timeoutMs: undefined, isForReachOnly };
  const [, count, unit = 's'] = FORM.exec(text) ?? [];
  const timeoutMs = Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  if (!(timeoutMs > 0 && timeoutMs <= LONGEST_MS)) {
    throw new Fault('invalid', `${TIMEOUT_HEADER} is a time of at most a day, such as 60s, not "${text.slice(0, 20)}"`);
  }
  return { timeoutMs, isForReachOnly };
}
