import type { ErrorInfo } from './error-info.ts';

/** The gRPC status codes that apid answers with itself. */
export const Status = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** Why a call, or one node's part of it, failed. */
export interface CallError {
  readonly code: number;
  readonly message: string;
  /** For scripts, and for clients that explain. */
  readonly info?: ErrorInfo;
}
