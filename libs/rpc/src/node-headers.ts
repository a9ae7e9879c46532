import { type OutgoingHttpHeaders, sensitiveHeaders } from 'node:http2';
import type { Field } from '@minos/http2';

/** Fields as Node's own HTTP/2 wants them: repeated ones as one list; those that must never be indexed stay so. */
export function nodeHeaders(fields: readonly Field[]): OutgoingHttpHeaders & { [sensitiveHeaders]?: string[] } {
  const headers: Record<string, string | string[]> = {};
  const sensitive = new Set<string>();
  for (const { name, value, isNeverIndexed } of fields) {
    const before = headers[name];
    headers[name] = before === undefined ? value : [...(typeof before === 'string' ? [before] : before), value];
    if (isNeverIndexed) sensitive.add(name);
  }
  return { ...headers, [sensitiveHeaders]: [...sensitive] };
}
