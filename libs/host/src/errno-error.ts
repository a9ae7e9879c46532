import { constants } from 'node:os';
import { getSystemErrorMessage } from 'node:util';

/** An error of a system call in the shape of Node's own: `code` is the errno's name, the message says what it means. */
export interface ErrnoError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
}

/** Makes the error for an errno's name, such as ENOENT, of `syscall` on `object`. */
export function errnoError(code: string, syscall: string, object: string): ErrnoError {
  const errno = -(new Map<string, number>(Object.entries(constants.errno)).get(code) ?? 0);
  const message = `${code}: ${getSystemErrorMessage(errno) ?? 'unknown error'}, ${syscall} '${object}'`;
  return Object.assign(new Error(message), { code, errno, syscall });
}
