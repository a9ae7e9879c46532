import { isFault, type Logger } from '@minos/base';
import type { Resource, ResourceType, StateReader } from '@minos/resource';

/** What to follow, and whom to tell. */
export interface Follow<S> {
  readonly state: StateReader;
  readonly type: ResourceType<S>;
  readonly id: string;
  readonly log: Logger;
  readonly onValue: (resource: Resource<S>) => void;
}

/**
 * Tells each new value of one resource until the signal is aborted. A value that is gone stays as it was: what was last
 * told stands. Throws when the source refuses.
 */
export async function follow<S>({ state, type, id, log, onValue }: Follow<S>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const event of state.watch(type, { id }, signal)) {
        if (event.kind === 'created' || event.kind === 'updated') onValue(event.resource);
      }
      if (!signal.aborted) return;
    } catch (e) {
      if (signal.aborted) return;
      if (!isFault(e, 'exhausted')) throw e;
      log.warn({ type: type.type, id }, 'watch was too slow; starting over');
    }
  }
}
