import { EventType, type WatchOptions, type WatchRequest, type WatchResponse, type Event as WireEvent } from '@minos/api/cosi';
import { Fault, isFault } from '@minos/base';
import { makeBookmark, positionOf } from './bookmark.ts';
import type { MemoryState } from './memory-state.ts';
import type { OpenKind } from './open-kind.ts';
import { type Matcher, matcherOf } from './resource-query.ts';
import type { KindKey, StoreEvent, StoreWatch } from './resource-store.ts';
import type { SharedResponses } from './shared-responses.ts';
import { tombstone } from './wire-resource.ts';

interface Setup {
  readonly state: MemoryState;
  /** Checks the access and tells how resources go on the wire. */
  readonly opened: () => OpenKind;
  /** Shared by all watches of the service. */
  readonly shared: SharedResponses;
}

interface Watching extends OpenKind {
  readonly request: WatchRequest;
  readonly matches: Matcher | undefined;
  readonly bookmark: (position: bigint) => Buffer;
  readonly watch: StoreWatch;
}

/**
 * Answers a Watch: first one empty response, then what there is as far as it was asked for, then every change. A watcher
 * that is too slow gets an ERRORED event, and the stream ends; it ends by itself in no other way.
 */
export async function* watchState(setup: Setup, request: WatchRequest, signal: AbortSignal): AsyncGenerator<WatchResponse> {
  const watching = begin(setup, request, signal);
  using watch = watching.watch;
  const knowsMarkers = request.apiVersion >= 1;
  yield { event: [] };
  for (const event of firstEvents(watching, knowsMarkers)) yield { event: [event] };
  try {
    for await (const change of watch.events) {
      const response = changeResponse(watching, change, setup.shared);
      if (response !== undefined) yield response;
    }
    throw new Fault('unavailable', 'the state is not served any more; watch again');
  } catch (e) {
    if (!isFault(e, 'exhausted')) throw e;
    if (knowsMarkers) yield { event: [makeEvent(EventType.ERRORED, { error: e.message })] };
  }
}

function begin(setup: Setup, request: WatchRequest, signal: AbortSignal): Watching {
  const opened = setup.opened();
  const options = request.options;
  const matches = matcherOf(options?.labelQuery ?? [], options?.idQuery);
  if (request.id !== undefined && (options?.bootstrapContents === true || matches !== undefined)) {
    throw new Fault('unimplemented', 'a watch of one resource takes neither bootstrap contents nor queries');
  }
  const { epoch } = setup.state;
  const watch = startWatch(setup.state, { key: opened.key, options }, signal);
  return { ...opened, request, matches, watch, bookmark: (position) => makeBookmark(epoch, position) };
}

interface Start {
  readonly key: KindKey;
  readonly options: WatchOptions | undefined;
}

function startWatch(state: MemoryState, { key, options }: Start, signal: AbortSignal): StoreWatch {
  const { store, epoch } = state;
  const bookmark = options?.startFromBookmark;
  if (bookmark !== undefined) return store.watchFrom(key, positionOf(bookmark, epoch), signal);
  const tail = options?.tailEvents ?? 0;
  if (tail > 0) return store.watchFrom(key, store.positionBefore(key, tail), signal);
  return store.watch(key, signal);
}

/** One after the other as they are taken: what there is may be much, and many may ask for it at once. */
function* firstEvents(watching: Watching, knowsMarkers: boolean): Generator<WireEvent, void, undefined> {
  const { request } = watching;
  const options: Partial<WatchOptions> = request.options ?? {};
  const isResumed = options.startFromBookmark !== undefined || (options.tailEvents ?? 0) > 0;
  const bookmark = watching.bookmark(watching.watch.position);
  if (isResumed) return;
  if (request.id !== undefined) yield initialEvent(watching, request.id, bookmark);
  else if (options.bootstrapContents === true) {
    for (const resource of watching.watch.contents) {
      if (watching.matches?.(resource.metadata) === false) continue;
      yield makeEvent(EventType.CREATED, { resource: watching.wire(resource) });
    }
    if (knowsMarkers) yield markerEvent(watching, EventType.BOOTSTRAPPED, bookmark);
  } else if (options.bootstrapBookmark === true && knowsMarkers) yield markerEvent(watching, EventType.NOOP, bookmark);
}

function markerEvent(watching: Watching, eventType: EventType, bookmark: Buffer): WireEvent {
  return makeEvent(eventType, { resource: tombstone({ ...watching.key, id: '' }), bookmark });
}

function initialEvent(watching: Watching, id: string, bookmark: Buffer): WireEvent {
  const found = watching.watch.contents.find((resource) => resource.metadata.id === id);
  if (found !== undefined) return makeEvent(EventType.CREATED, { resource: watching.wire(found), bookmark });
  return makeEvent(EventType.DESTROYED, { resource: tombstone({ ...watching.key, id }), bookmark });
}

const TYPE: Readonly<Record<StoreEvent['kind'], EventType>> = {
  created: EventType.CREATED,
  updated: EventType.UPDATED,
  destroyed: EventType.DESTROYED,
};

/** What a watcher is told of a change; with a query, an update can look like a creation or a destruction, or not be seen at all. */
function changeResponse(watching: Watching, change: StoreEvent, shared: SharedResponses): WatchResponse | undefined {
  const { request, matches } = watching;
  if (request.id !== undefined && change.resource.metadata.id !== request.id) return undefined;
  const isIn = matches?.(change.resource.metadata) ?? true;
  const wasIn = change.previous !== undefined && (matches?.(change.previous.metadata) ?? true);
  if (change.kind === 'updated' && isIn !== wasIn) {
    const resource = watching.wire(isIn || change.previous === undefined ? change.resource : change.previous);
    const eventType = isIn ? EventType.CREATED : EventType.DESTROYED;
    return { event: [makeEvent(eventType, { resource, bookmark: watching.bookmark(change.position) })] };
  }
  return isIn ? shared.of(change, () => ({ event: [plainEvent(watching, change)] })) : undefined;
}

function plainEvent({ wire, bookmark }: Watching, { kind, resource, previous, position }: StoreEvent): WireEvent {
  const old = kind === 'updated' && previous !== undefined ? wire(previous) : undefined;
  return makeEvent(TYPE[kind], { resource: wire(resource), bookmark: bookmark(position), old });
}

function makeEvent(eventType: EventType, fields: Partial<Omit<WireEvent, 'eventType'>>): WireEvent {
  return { resource: undefined, old: undefined, ...fields, eventType };
}
