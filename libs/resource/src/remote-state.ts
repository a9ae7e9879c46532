import { StateDefinition } from '@minos/api/cosi';
import { type Clock, type Logger, silentLogger, systemClock } from '@minos/base';
import { client, type RpcChannel } from '@minos/rpc';
import { getRemote, listRemote, type Remote } from './remote.ts';
import { watchRemote } from './remote-watch.ts';
import { RemoteWriter } from './remote-writer.ts';
import type { ResourceType } from './resource-type.ts';
import type { State, StateWriter, WatchEvent, WatchOptions } from './state.ts';

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
