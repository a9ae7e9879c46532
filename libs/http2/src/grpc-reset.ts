import { CONNECTION_LOST, ErrorCode } from './error-code.ts';

/** gRPC status codes that resets turn into. */
const CANCELLED = 1;
const PERMISSION_DENIED = 7;
const RESOURCE_EXHAUSTED = 8;
const INTERNAL = 13;
const UNAVAILABLE = 14;

const CODES: ReadonlyMap<number, number> = new Map<number, number>([
  [CONNECTION_LOST, UNAVAILABLE],
  // Somebody on the way gave up a stream that had no status yet. A client that is told INTERNAL does not try again, so the
  // codes that a server uses while it goes away are UNAVAILABLE here.
  [ErrorCode.noError, UNAVAILABLE],
  [ErrorCode.internalError, UNAVAILABLE],
  [ErrorCode.refusedStream, UNAVAILABLE],
  [ErrorCode.cancel, CANCELLED],
  [ErrorCode.enhanceYourCalm, RESOURCE_EXHAUSTED],
  [ErrorCode.inadequateSecurity, PERMISSION_DENIED],
]);

/** The gRPC status for a stream that ended with RST_STREAM instead of a status (gRPC over HTTP/2, "HTTP2 Transport Mapping"). */
export function grpcCodeOfReset(code: number): number {
  return CODES.get(code) ?? INTERNAL;
}
