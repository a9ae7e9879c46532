import type { StateDefinition } from '@minos/api/cosi';
import { type Clock, isFault, type Logger } from '@minos/base';
import type { Client } from '@minos/rpc';
import type { ResourceType } from './resource-type.ts';
import type { Resource } from './state.ts';
import { fromWire } from './wire-resource.ts';

/** How the parts of a remote state reach the source. */
export interface Remote {
  readonly state: Client<typeof StateDefinition>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly graceMs: number;
}

const CALL_TIMEOUT_MS = 5000;

/** Reads one resource; undefined when there is none. */
export async function getRemote<S>(
  remote: Remote,
  type: ResourceType<S>,
  at: { readonly id: string; readonly namespace: string },
): Promise<Resource<S> | undefined> {
  try {
    const request = { namespace: at.namespace, type: type.type, id: at.id, options: {} };
    const { resource } = await remote.state.Get(request, { timeoutMs: CALL_TIMEOUT_MS });
    return fromWire(type, resource);
  } catch (e) {
    if (isFault(e, 'missing')) return undefined;
    throw e;
  }
}

/** Reads every resource of a kind. */
export async function listRemote<S>(remote: Remote, type: ResourceType<S>, namespace: string): Promise<Resource<S>[]> {
  const found: Resource<S>[] = [];
  const request = { namespace, type: type.type, options: undefined };
  for await (const { resource } of remote.state.List(request, { timeoutMs: CALL_TIMEOUT_MS })) {
    found.push(fromWire(type, resource));
  }
  return found;
}
