/** Machine-readable part of an error, a `google.rpc.ErrorInfo` on the wire: for scripts, and for clients that explain. */
export interface ErrorInfo {
  /** What it is, in UPPER_SNAKE_CASE. */
  readonly reason: string;
  /** Between which two it happened, such as `endpoint → 10.5.0.3`. */
  readonly hop: string;
  /** What was seen. */
  readonly evidence: string;
  /** What to try next: a command, or something to look at. */
  readonly next: string;
}

const DOMAIN = 'minos.dev';
const TYPE = 'type.googleapis.com/google.rpc.ErrorInfo';

/** A `google.rpc.Status` with an ErrorInfo in it, as it goes into `grpc-status-details-bin`. */
export function statusWithInfo(code: number, message: string, info: ErrorInfo): Buffer {
  const metadata = Object.entries({ hop: info.hop, evidence: info.evidence, next: info.next }).map(([key, value]) =>
    field(3, Buffer.concat([field(1, Buffer.from(key)), field(2, Buffer.from(value))])),
  );
  const detail = Buffer.concat([field(1, Buffer.from(info.reason)), field(2, Buffer.from(DOMAIN)), ...metadata]);
  const any = Buffer.concat([field(1, Buffer.from(TYPE)), field(2, detail)]);
  return Buffer.concat([Buffer.from([1 << 3]), varint(code), field(2, Buffer.from(message)), field(3, any)]);
}

/** One length-delimited field. */
function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
