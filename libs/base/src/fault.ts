/** Why a caller cannot go on; each kind has one gRPC code, mapped in libs/rpc and nowhere else. */
export type FaultKind =
  | 'invalid'
  | 'missing'
  | 'exists'
  | 'denied'
  | 'unauthenticated'
  | 'precondition'
  | 'exhausted'
  | 'aborted'
  | 'unavailable'
  | 'unimplemented'
  | 'cancelled'
  | 'deadline'
  | 'out-of-range'
  | 'data-loss'
  | 'unknown'
  | 'internal';

/** Values that say on which object something failed; never a secret. */
export type FaultFields = Readonly<Record<string, string | number | boolean | undefined>>;

const BRAND = Symbol.for('minos.fault');

/** An error whose message may be shown to the caller: what failed, on which object, what to do next. */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly fields: FaultFields;
  readonly [BRAND] = true;

  constructor(kind: FaultKind, message: string, fields: FaultFields = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Fault';
    this.kind = kind;
    this.fields = fields;
  }
}

/** Whether a caught value is a Fault, across realms and copies of this module. */
export function isFault(e: unknown, kind?: FaultKind): e is Fault {
  if (typeof e !== 'object' || e === null || !(BRAND in e)) return false;
  return kind === undefined || ('kind' in e && e.kind === kind);
}

/** Whether a caught value carries this errno code, such as ENOENT; works for Node's own errors under any realm. */
export function hasCode(e: unknown, code: string): boolean {
  return typeof e === 'object' && e !== null && 'code' in e && e.code === code;
}

/** The text of a caught value for a log line or a wrapping message; never throws. */
export function messageOf(e: unknown): string {
  if (typeof e === 'object' && e !== null && 'message' in e && typeof e.message === 'string') return e.message;
  return String(e);
}
