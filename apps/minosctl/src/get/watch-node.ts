import { EventType } from '@minos/api/cosi';
import { Fault } from '@minos/base';
import type { CallOptions } from '@minos/rpc';
import type { StateClient } from './resolve-type.ts';
import type { Happening } from './resource-printer.ts';
import { type ResourceView, resourceView } from './resource-view.ts';

/** What to watch on a node. */
export interface WatchTarget {
  readonly namespace: string;
  readonly type: string;
  readonly id: string | undefined;
}

/** A change on a node; `ready` follows what was there at the start. */
export type NodeChange = { readonly kind: 'ready' } | { readonly kind: Happening; readonly view: ResourceView };

const HAPPENING = new Map<number, Happening>([
  [EventType.CREATED, 'created'],
  [EventType.UPDATED, 'updated'],
  [EventType.DESTROYED, 'destroyed'],
]);

/** Watches one resource or a kind; ends with an `unavailable` Fault when the node's stream ends. */
export async function* watchNode(state: StateClient, target: WatchTarget, options: CallOptions): AsyncGenerator<NodeChange> {
  const stream = state.Watch(watchRequest(target), options);
  let isArmed = false;
  for await (const { event } of stream) {
    // The first answer only says that the watch stands (talosctl-compatible protocol); it carries no events.
    if (!isArmed) {
      isArmed = true;
      if (target.id !== undefined) yield { kind: 'ready' };
    }
    for (const one of event) {
      if (one.eventType === EventType.ERRORED) throw new Fault('aborted', `the watch broke on the node: ${one.error ?? ''}`);
      if (one.eventType === EventType.BOOTSTRAPPED) yield { kind: 'ready' };
      const happening = HAPPENING.get(one.eventType);
      if (happening === undefined) continue;
      yield { kind: happening, view: resourceView(one.resource) };
    }
  }
  throw new Fault('unavailable', 'the watch ended on the node');
}

function watchRequest({ namespace, type, id }: WatchTarget) {
  return {
    namespace,
    type,
    id,
    options: {
      bootstrapContents: id === undefined,
      tailEvents: 0,
      labelQuery: [],
      idQuery: undefined,
      aggregated: false,
      startFromBookmark: undefined,
      bootstrapBookmark: false,
    },
    apiVersion: 1,
  };
}
