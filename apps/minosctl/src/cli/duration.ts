import { Fault } from '@minos/base';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a text such as `30s`, `5m` or `8760h`; throws `invalid`, naming the option, when it is none. */
export function durationMs(text: string, option: string): number {
  const match = /^(\d{1,9})(ms|s|m|h)$/.exec(text);
  const ms = Number(match?.[1] ?? 0) * (UNIT_MS[match?.[2] ?? ''] ?? 0);
  if (ms > 0) return ms;
  throw new Fault('invalid', `${option} takes a time such as 30s, 5m or 2h, not "${text}"`);
}

/** A duration as it goes on the wire. */
export function durationMessage(ms: number): { readonly seconds: bigint; readonly nanos: number } {
  return { seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 };
}
