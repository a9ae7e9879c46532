import { posix } from 'node:path';
import { Fault, hasCode, isFault } from '@minos/base';

/** A path of the machine from a request: absolute, without `..`, `.` and doubled slashes; throws `invalid` when it is none. */
export function machinePath(raw: string): string {
  if (raw.includes('\0')) throw new Fault('invalid', 'a path cannot hold a zero byte');
  if (!raw.startsWith('/')) throw new Fault('invalid', `the path must be absolute: ${JSON.stringify(raw)}`, { path: raw });
  const path = posix.normalize(raw);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

const REASONS: readonly (readonly [code: string, kind: 'missing' | 'denied' | 'invalid' | 'precondition', reason: string])[] = [
  ['ENOENT', 'missing', 'no such file or directory'],
  ['ENOTDIR', 'missing', 'a part of the path is not a directory'],
  ['EACCES', 'denied', 'permission denied'],
  ['EPERM', 'denied', 'operation not permitted'],
  ['ELOOP', 'invalid', 'too many symbolic links'],
  ['ENAMETOOLONG', 'invalid', 'the path is too long'],
  ['EISDIR', 'invalid', 'is a directory'],
  ['EINVAL', 'precondition', 'cannot be read'],
  ['EIO', 'precondition', 'input/output error'],
];

/** The Fault that tells a caller why a file could not be used; errors without a known code come back as they are. */
export function fileFault(e: unknown, path: string): unknown {
  if (isFault(e)) return e;
  const known = REASONS.find(([code]) => hasCode(e, code));
  return known === undefined ? e : new Fault(known[1], `${path}: ${known[2]}`, { path }, { cause: e });
}
