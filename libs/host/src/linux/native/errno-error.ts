import { getSystemErrorMessage, getSystemErrorName } from 'node:util';

/** An error of a system call in the shape of Node's own: `code` is the errno's name, the message says what it means. */
export interface ErrnoError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
}

/** Makes the error for a positive errno of `syscall` on `object`. */
export function errnoError(errno: number, syscall: string, object: string): ErrnoError {
  const code = getSystemErrorName(-errno);
  const message = `${code}: ${getSystemErrorMessage(-errno) ?? 'unknown error'}, ${syscall} '${object}'`;
  return Object.assign(new Error(message), { code, errno: -errno, syscall });
}
