import { ErrorCode } from './error-code.ts';
import type { Field } from './field.ts';
import type { Head, HeadKind } from './head.ts';

const PSEUDO: Record<HeadKind, ReadonlySet<string>> = {
  request: new Set([':method', ':scheme', ':path', ':authority']),
  response: new Set([':status']),
  trailers: new Set(),
};
const REQUIRED: Record<HeadKind, readonly string[]> = {
  request: [':method', ':scheme', ':path'],
  response: [':status'],
  trailers: [],
};
/** Fields of one connection only: RFC 9113 §8.2.2. */
const CONNECTION_SPECIFIC: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** NUL, CR, LF anywhere; white space at either end. */
const BAD_VALUE = /[\0\r\n]|^[ \t]|[ \t]$/;
/** 101 does not exist in HTTP/2: RFC 9113 §8.6. */
const STATUS = /^(?!101)[1-5]\d\d$/;
const DIGITS = /^\d{1,15}$/;

/**
 * Validates a header block as what it is used for (RFC 9113 §8.2, §8.3) and notes the result in `problem` and
 * `contentLength`. A block that was checked as the same before costs nothing; as something else, it is checked again.
 */
export function checkHead(head: Head, kind: HeadKind): void {
  if (head.checkedAs === kind || head.problem === ErrorCode.enhanceYourCalm) return;
  head.checkedAs = kind;
  head.contentLength = -1;
  head.problem = isWellFormed(head, kind) ? 0 : ErrorCode.protocolError;
}

function isWellFormed(head: Head, kind: HeadKind): boolean {
  const seen = new Set<string>();
  let isRegular = false;
  for (const field of head.fields) {
    if (field.name.startsWith(':')) {
      if (isRegular || seen.has(field.name) || !PSEUDO[kind].has(field.name)) return false;
      if (!isWellFormedPseudo(field)) return false;
      seen.add(field.name);
      continue;
    }
    isRegular = true;
    if (!isWellFormedField(field) || !noteLength(head, field)) return false;
  }
  if (kind === 'request' && !isConsistentRequest(head, seen)) return false;
  return REQUIRED[kind].every((name) => seen.has(name)) || isConnect(head);
}

function isWellFormedPseudo({ name, value }: Field): boolean {
  if (BAD_VALUE.test(value)) return false;
  if (name === ':status') return STATUS.test(value);
  if (name === ':authority') return !value.includes('@');
  return value !== '';
}

/** One authority, and a path that is one: RFC 9113 §8.3.1. CONNECT has neither scheme nor path: §8.5. */
function isConsistentRequest(head: Head, seen: ReadonlySet<string>): boolean {
  const host = head.get('host');
  if (host !== undefined && host !== (head.get(':authority') ?? host)) return false;
  const path = head.get(':path');
  if (head.get(':method') === 'CONNECT') return path === undefined && !seen.has(':scheme') && seen.has(':authority');
  return path === undefined || path.startsWith('/') || (path === '*' && head.get(':method') === 'OPTIONS');
}

function isConnect(head: Head): boolean {
  return head.get(':method') === 'CONNECT';
}

function isWellFormedField({ name, value }: Field): boolean {
  if (!NAME.test(name) || BAD_VALUE.test(value) || CONNECTION_SPECIFIC.has(name)) return false;
  return name !== 'te' || value === 'trailers';
}

function noteLength(head: Head, { name, value }: Field): boolean {
  if (name !== 'content-length') return true;
  if (!DIGITS.test(value) || (head.contentLength >= 0 && head.contentLength !== Number(value))) return false;
  head.contentLength = Number(value);
  return true;
}
