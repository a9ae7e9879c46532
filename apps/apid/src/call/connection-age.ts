import { Field, Head } from '@minos/http2';
import type { Caller } from '../identity/caller.ts';

/** How old the connection of each hop is, in whole milliseconds, rounded up; the first value is that of the client's. */
export const CONNECTION_AGE_HEADER = 'minos-connection-age';

/** Calls by which a client shows that a node can be reached anew: they say how old connections are, and never take a pooled one. */
const PROVING: ReadonlySet<string> = new Set(['/minos.v1.ConfigService/Pending', '/minos.v1.ConfigService/Confirm']);

/** Whether a call is to prove its way. */
export function isProving(path: string): boolean {
  return PROVING.has(path);
}

/** Adds the age of the caller's connection; what a caller claims about earlier hops stays only if it is another apid. Pure. */
export function withConnectionAge(head: Head, caller: Caller, nowMs: number): Head {
  const fields = head.fields.filter((field) => caller.mayImpersonate || field.name !== CONNECTION_AGE_HEADER);
  const age = Math.max(0, Math.ceil(nowMs - caller.connectedMs));
  return new Head([...fields, new Field(CONNECTION_AGE_HEADER, String(age))]);
}
