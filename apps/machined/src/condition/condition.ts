import type { ResourceType, State, WatchEvent } from '@minos/resource';

/** Something to wait for, which says what it is. */
export interface Condition {
  /** What is waited for, as it stands after "waiting for". */
  readonly description: string;
  /** Id of what is waited for in the graph of waits (`src/why/`). */
  readonly subject: string;
  /** Resolves when it holds; rejects only when the signal is aborted or its source fails. */
  wait(signal: AbortSignal): Promise<void>;
}

/** A condition on one resource: that it exists and satisfies a predicate. */
export function resourceCondition<S>(of: {
  readonly state: State;
  readonly type: ResourceType<S>;
  readonly id: string;
  readonly description: string;
  readonly isMet?: (spec: S) => boolean;
}): Condition {
  return {
    description: of.description,
    subject: `resource/${of.type.displayType}/${of.id}`,
    wait: async (signal) => {
      const stop = new AbortController();
      for await (const event of of.state.watch(of.type, { id: of.id }, AbortSignal.any([signal, stop.signal]))) {
        if (isMetBy(event, of.isMet)) return stop.abort();
      }
      signal.throwIfAborted();
    },
  };
}

function isMetBy<S>(event: WatchEvent<S>, isMet: ((spec: S) => boolean) | undefined): boolean {
  if (event.kind !== 'created' && event.kind !== 'updated') return false;
  return isMet?.(event.resource.spec) ?? true;
}

/** The descriptions of several, joined. */
export function describeConditions(conditions: readonly Condition[]): string {
  return conditions.map((condition) => condition.description).join(', ');
}
