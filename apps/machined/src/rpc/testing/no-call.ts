import type { CallContext } from '@minos/rpc';

/** The context of a call that nobody made, for handlers that look at nothing in it. */
export function noCall(change: Partial<CallContext> = {}): CallContext {
  return {
    method: '',
    metadata: { all: () => [], first: () => undefined },
    signal: new AbortController().signal,
    peer: '',
    roles: new Set(),
    ...change,
  };
}
