const NAMES = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
] as const;

/** The name of a gRPC status code as Go clients print it; `Code(n)` for one that does not exist. */
export function grpcCodeName(code: number): string {
  return NAMES[code] ?? `Code(${code})`;
}

/** A failed call as one line in the form of Go clients, which scripts match: `rpc error: code = Unavailable desc = no route`. */
export function grpcErrorText(error: { readonly code: number; readonly message: string }): string {
  return `rpc error: code = ${grpcCodeName(error.code)} desc = ${error.message}`;
}
