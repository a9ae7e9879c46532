import { type Clock, isFault, type Logger } from '@minos/base';
import type { ResourceType, StateReader, WatchOptions } from '@minos/resource';

/** What to follow. */
export interface FollowOptions<S> {
  readonly state: StateReader;
  readonly type: ResourceType<S>;
  readonly watch: WatchOptions;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told of each new value, and of undefined when the resource was destroyed. */
  readonly onValue: (spec: S | undefined) => void;
}

const PAUSE_MS = 500;

/**
 * Tells the value of a resource, and each that comes after, until aborted. A watch that breaks is begun again; meanwhile the last
 * value stands.
 */
export async function follow<S>(options: FollowOptions<S>, signal: AbortSignal): Promise<void> {
  const { state, type, watch, clock, log, onValue } = options;
  while (!signal.aborted) {
    try {
      for await (const event of state.watch(type, watch, signal)) {
        if (event.kind === 'created' || event.kind === 'updated') onValue(event.resource.spec);
        if (event.kind === 'destroyed') onValue(undefined);
      }
    } catch (e) {
      if (!isFault(e)) throw e;
      if (signal.aborted) return;
      log.warn({ resource: type.type, err: e }, 'watch broke');
    }
    try {
      await clock.sleep(PAUSE_MS, signal);
    } catch (e) {
      if (!isFault(e, 'cancelled')) throw e;
    }
  }
}
