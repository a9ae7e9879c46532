/** What JSON and YAML can say. */
export type PlainValue = string | number | boolean | null | readonly PlainValue[] | { readonly [key: string]: PlainValue };

/**
 * A message as plain data: timestamps as RFC 3339, bytes as base64, 64-bit numbers as numbers where exact and as text
 * where not, fields that are not set left out; pure.
 */
export function plainValue(value: unknown): PlainValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object') return String(value);
  if (isTimestamp(value)) return timestampText(value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key, plainValue(field)]),
  );
}

interface TimestampFields {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** RFC 3339 in UTC, to the second; pure. */
export function timestampText(time: TimestampFields): string {
  const date = new Date(Number(time.seconds) * 1000);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Milliseconds since the epoch; pure. */
export function timestampMs(time: TimestampFields): number {
  return Number(time.seconds) * 1000 + Math.floor(time.nanos / 1e6);
}

function isTimestamp(value: object): value is TimestampFields {
  return (
    Object.keys(value).length === 2 &&
    'seconds' in value &&
    typeof value.seconds === 'bigint' &&
    'nanos' in value &&
    typeof value.nanos === 'number'
  );
}
