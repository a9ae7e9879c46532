import { type StatusObject, status } from '@grpc/grpc-js';
import { Fault, type FaultKind, isFault, messageOf } from '@minos/base';
import { errorDetails } from './error-details.ts';

const CODE: Record<FaultKind, status> = {
  invalid: status.INVALID_ARGUMENT,
  missing: status.NOT_FOUND,
  exists: status.ALREADY_EXISTS,
  denied: status.PERMISSION_DENIED,
  unauthenticated: status.UNAUTHENTICATED,
  precondition: status.FAILED_PRECONDITION,
  exhausted: status.RESOURCE_EXHAUSTED,
  aborted: status.ABORTED,
  unavailable: status.UNAVAILABLE,
  unimplemented: status.UNIMPLEMENTED,
  cancelled: status.CANCELLED,
  deadline: status.DEADLINE_EXCEEDED,
  'out-of-range': status.OUT_OF_RANGE,
  'data-loss': status.DATA_LOSS,
  unknown: status.UNKNOWN,
  internal: status.INTERNAL,
};

const KIND = new Map<number, FaultKind>(Object.entries(CODE).map(([kind, code]) => [code, isKind(kind) ? kind : 'unknown']));

function isKind(text: string): text is FaultKind {
  return text in CODE;
}

/** What goes on the wire for a caught value; the cause of anything but a Fault stays in the log. */
export function toStatus(e: unknown): Partial<StatusObject> & { code: status; details: string } {
  if (isFault(e)) return { code: CODE[e.kind], details: e.message };
  return { code: status.INTERNAL, details: 'internal error; the log of the daemon has the cause' };
}

/** The gRPC code of a kind of fault. */
export function codeOf(kind: FaultKind): number {
  return CODE[kind];
}

/** The kind of fault for a gRPC code; `unknown` for a number that is none. */
export function kindOf(code: number): FaultKind {
  return KIND.get(code) ?? 'unknown';
}

const NO_CONNECTION =
  /^No connection established\. Last error: (?:[A-Za-z]*Error: )?(.*?)(?: \(\d{4}-[^)]*Z\))?\. Resolution note: *$/s;

/** Without what grpc-js puts around the reason for a connection that was never made. */
function plainDetails(details: string): string {
  const reason = NO_CONNECTION.exec(details)?.[1];
  return reason === undefined ? details : `no connection: ${reason}`;
}

/** Turns an error of grpc-js into a Fault that keeps code and message; its fields are those of the ErrorInfo that came with it. */
export function fromServiceError(e: unknown): Fault {
  if (isFault(e)) return e;
  if (typeof e === 'object' && e !== null && 'code' in e && typeof e.code === 'number') {
    const details = plainDetails('details' in e && typeof e.details === 'string' ? e.details : messageOf(e));
    return new Fault(kindOf(e.code), details, errorDetails(e), { cause: e });
  }
  return new Fault('unknown', messageOf(e), {}, { cause: e });
}
