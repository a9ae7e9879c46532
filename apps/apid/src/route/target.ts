import { isIP } from 'node:net';

const CHARACTERS = /^[A-Za-z0-9._:%[\]-]{1,255}$/;
const BRACKETS_AND_PORT = /^\[([^[\]]*)\]:[^:]*$/;
const NAME_AND_PORT = /^[^:[\]]*:[^:]*$/;

/** Whether a node may be called this: a name or an address without a port. `2001:db8::1` and `[2001:db8::1]` both may. */
export function isTarget(text: string): boolean {
  if (!CHARACTERS.test(text) || NAME_AND_PORT.test(text)) return false;
  const bracketed = BRACKETS_AND_PORT.exec(text)?.[1];
  return bracketed === undefined || isIP(bracketed) === 0;
}

/** The host to connect to for a target: an IPv6 address without its brackets. */
export function hostOf(target: string): string {
  return target.startsWith('[') && target.endsWith(']') ? target.slice(1, -1) : target;
}
