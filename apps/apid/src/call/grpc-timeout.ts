const FORM = /^(\d{1,8})([HMSmun])$/;
const UNIT_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** Milliseconds in a `grpc-timeout`; undefined when there is none or it is not one. */
export function parseGrpcTimeout(text: string | undefined): number | undefined {
  const match = text === undefined ? null : FORM.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0);
}

/** A `grpc-timeout` for what is left of a time; at least one millisecond, for zero would not be one. */
export function formatGrpcTimeout(ms: number): string {
  const whole = Math.max(1, Math.floor(ms));
  return whole < 1e8 ? `${whole}m` : `${Math.min(99_999_999, Math.floor(whole / 1000))}S`;
}
