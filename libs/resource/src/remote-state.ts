import { StateDefinition } from '@minos/api/cosi';
import { type Clock, isFault, type Logger, silentLogger, systemClock } from '@minos/base';
import { type Client, client, type RpcChannel } from '@minos/rpc';
import { watchRemote } from './remote-watch.ts';
import { RemoteWriter } from './remote-writer.ts';
import type { ResourceType } from './resource-type.ts';
import type { Resource, State, StateWriter, WatchEvent, WatchOptions } from './state.ts';
import { fromWire } from './wire-resource.ts';

/** What a state over a socket needs. The channel stays its owner's. */
export interface RemoteStateOptions {
  readonly channel: RpcChannel;
  readonly clock?: Clock;
  readonly log?: Logger;
  /** How long what is gone after a restart of the source is still taken to stand, in milliseconds; 10 s by default. */
  readonly graceMs?: number;
}

/** A state over a socket; disposing it ends its watches and the re-publishing of what was written. */
export interface RemoteState extends State, AsyncDisposable {}

/** How the parts of a remote state reach the source. */
export interface Remote {
  readonly state: Client<typeof StateDefinition>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly graceMs: number;
}

const CALL_TIMEOUT_MS = 5000;

/**
 * The state that another daemon serves. Watches and writers outlive the source: after a loss they connect again, list
 * again and tell only the difference; what was written is published again. `get` and `list` throw `unavailable` meanwhile.
 */
export function remoteState(options: RemoteStateOptions): RemoteState {
  const remote: Remote = {
    state: client(options.channel, StateDefinition),
    clock: options.clock ?? systemClock,
    log: options.log ?? silentLogger,
    graceMs: options.graceMs ?? 10_000,
  };
  const closing = new AbortController();
  const writers = new Map<string, RemoteWriter>();
  return {
    get: (type, id, namespace) => getRemote(remote, type, { id, namespace: namespace ?? type.defaultNamespace }),
    list: (type, namespace) => listRemote(remote, type, namespace ?? type.defaultNamespace),
    watch: <S>(type: ResourceType<S>, watch: WatchOptions, signal: AbortSignal): AsyncIterable<WatchEvent<S>> =>
      watchRemote({ remote, type, watch }, AbortSignal.any([signal, closing.signal])),
    as: (owner): StateWriter => {
      const writer = writers.get(owner) ?? new RemoteWriter(remote, owner, closing.signal);
      writers.set(owner, writer);
      return writer;
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await Promise.all([...writers.values()].map((writer) => writer.closed()));
    },
  };
}

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
