import type { Duration } from '@minos/api/google';

/** A length of time in whole milliseconds as it goes on the wire. */
export function duration(ms: number): Duration {
  return { seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 };
}
