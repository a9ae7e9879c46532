import { type Clock, Fault, Mailbox } from '@minos/base';
import type { Resource, ResourceMetadata } from './state.ts';

/** A change in the store, with its place in the order of its kind. */
export interface StoreEvent {
  readonly kind: 'created' | 'updated' | 'destroyed';
  readonly resource: Resource<unknown>;
  readonly previous: Resource<unknown> | undefined;
  readonly position: bigint;
}

/** What there was when a watch began, and what happens afterwards; disposing it, or aborting its signal, ends the events. */
export interface StoreWatch extends Disposable {
  /** Sorted by id. */
  readonly contents: readonly Resource<unknown>[];
  readonly position: bigint;
  readonly events: AsyncIterable<StoreEvent>;
}

/** Which resources a call is about. */
export interface KindKey {
  readonly namespace: string;
  readonly type: string;
}

/** A new or changed resource without what the store fills in. */
export type ResourceDraft = Pick<
  ResourceMetadata,
  'namespace' | 'type' | 'id' | 'owner' | 'phase' | 'finalizers' | 'labels' | 'annotations'
>;

/** Limits and beginnings of a store. */
export interface StoreOptions {
  readonly clock: Clock;
  /** Added to every version, so that versions of another run of the source never match. */
  readonly versionBase: bigint;
  /** Events kept for each kind, for watches that resume. */
  readonly historyLimit: number;
  /** Events that may wait for a watcher before it is cut off. */
  readonly watcherLimit: number;
}

interface Kind {
  readonly resources: Map<string, Resource<unknown>>;
  readonly watchers: Set<Mailbox<StoreEvent>>;
  history: StoreEvent[];
  position: bigint;
}

/** Resources of every type in memory, with order, history and watchers; knows owners, versions and finalizers, but no types. */
export class ResourceStore {
  readonly #options: StoreOptions;
  readonly #kinds = new Map<string, Kind>();

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  get(key: KindKey, id: string): Resource<unknown> | undefined {
    return this.#kinds.get(nameOf(key))?.resources.get(id);
  }

  /** Sorted by id. */
  list(key: KindKey): readonly Resource<unknown>[] {
    const kind = this.#kinds.get(nameOf(key));
    if (kind === undefined) return [];
    return [...kind.resources.values()].sort(byId);
  }

  /** Throws `exists` when there is one already. */
  create(draft: ResourceDraft, spec: unknown): Resource<unknown> {
    const kind = this.#kind(draft);
    if (kind.resources.has(draft.id)) throw new Fault('exists', `resource ${labelOf(draft)} already exists`);
    const now = this.#options.clock.now();
    const metadata = { ...draft, version: this.#options.versionBase + 1n, createdMs: now, updatedMs: now };
    const resource = { metadata, spec };
    kind.resources.set(draft.id, resource);
    this.#emit(kind, { kind: 'created', resource, previous: undefined });
    return resource;
  }

  /** Replaces what has the expected version; throws `missing`, `denied` for another owner's, `precondition` for another version. */
  update(draft: ResourceDraft, spec: unknown, expectedVersion: bigint | undefined): Resource<unknown> {
    const { kind, previous } = this.#owned(draft, draft.id, draft.owner);
    if (expectedVersion !== undefined && previous.metadata.version !== expectedVersion) {
      throw new Fault(
        'precondition',
        `resource ${labelOf(draft)} has version ${previous.metadata.version}, not ${expectedVersion}`,
      );
    }
    const metadata = {
      ...draft,
      version: previous.metadata.version + 1n,
      createdMs: previous.metadata.createdMs,
      updatedMs: this.#options.clock.now(),
    };
    const resource = { metadata, spec };
    kind.resources.set(draft.id, resource);
    this.#emit(kind, { kind: 'updated', resource, previous });
    return resource;
  }

  /** Throws `missing`, `denied` for another owner's, `precondition` while finalizers are pending. */
  destroy(key: KindKey, id: string, owner: string): void {
    const { kind, previous } = this.#owned(key, id, owner);
    if (previous.metadata.finalizers.length > 0) {
      throw new Fault('precondition', `resource ${labelOf({ ...key, id })} has pending finalizers`);
    }
    kind.resources.delete(id);
    this.#emit(kind, { kind: 'destroyed', resource: previous, previous });
  }

  /** Begins at once, before it returns: nothing that happens from now on is missed. A watcher that lags too far gets a Fault `exhausted`. */
  watch(key: KindKey, signal: AbortSignal): StoreWatch {
    const kind = this.#kind(key);
    return { contents: this.list(key), position: kind.position, ...this.#subscribe(kind, signal) };
  }

  /** Goes on after a position that was seen before; throws `precondition` when it is not kept any more, or never was. */
  watchFrom(key: KindKey, position: bigint, signal: AbortSignal): StoreWatch {
    const kind = this.#kind(key);
    const oldest = kind.history[0]?.position ?? kind.position + 1n;
    if (position > kind.position || position < oldest - 1n) {
      throw new Fault('precondition', 'the bookmark is not known any more; list again');
    }
    const missed = kind.history.filter((event) => event.position > position);
    const subscription = this.#subscribe(kind, signal);
    return { contents: [], position, ...subscription, events: after(missed, subscription.events) };
  }

  /** The position after which `watchFrom` gives the last `count` events that are kept. */
  positionBefore(key: KindKey, count: number): bigint {
    const kind = this.#kind(key);
    return kind.position - BigInt(Math.min(Math.max(count, 0), kind.history.length));
  }

  /** How many watchers there are, for tests of leaks. */
  get watcherCount(): number {
    return [...this.#kinds.values()].reduce((sum, kind) => sum + kind.watchers.size, 0);
  }

  #subscribe(kind: Kind, signal: AbortSignal): Pick<StoreWatch, 'events' | typeof Symbol.dispose> {
    const mailbox = new Mailbox<StoreEvent>(this.#options.watcherLimit);
    const stop = (): void => {
      signal.removeEventListener('abort', stop);
      kind.watchers.delete(mailbox);
      mailbox.end();
    };
    kind.watchers.add(mailbox);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    return { events: mailbox, [Symbol.dispose]: stop };
  }

  #emit(kind: Kind, change: Omit<StoreEvent, 'position'>): void {
    kind.position += 1n;
    const event = { ...change, position: kind.position };
    kind.history.push(event);
    if (kind.history.length > this.#options.historyLimit * 2) kind.history = kind.history.slice(-this.#options.historyLimit);
    for (const mailbox of kind.watchers) {
      if (mailbox.push(event)) continue;
      kind.watchers.delete(mailbox);
      mailbox.fail(new Fault('exhausted', 'the watcher is too slow; watch again'));
    }
  }

  #owned(key: KindKey, id: string, owner: string): { kind: Kind; previous: Resource<unknown> } {
    const kind = this.#kind(key);
    const previous = kind.resources.get(id);
    if (previous === undefined) throw new Fault('missing', `resource ${labelOf({ ...key, id })} does not exist`);
    if (previous.metadata.owner !== '' && previous.metadata.owner !== owner) {
      throw new Fault('denied', `resource ${labelOf({ ...key, id })} is owned by ${previous.metadata.owner}`);
    }
    return { kind, previous };
  }

  #kind(key: KindKey): Kind {
    const name = nameOf(key);
    let kind = this.#kinds.get(name);
    if (kind === undefined) {
      kind = { resources: new Map(), watchers: new Set(), history: [], position: 0n };
      this.#kinds.set(name, kind);
    }
    return kind;
  }
}

function nameOf(key: KindKey): string {
  return `${key.namespace}/${key.type}`;
}

function labelOf(of: KindKey & { readonly id: string }): string {
  return `${of.type}(${of.namespace}/${of.id})`;
}

function byId(a: Resource<unknown>, b: Resource<unknown>): number {
  return a.metadata.id < b.metadata.id ? -1 : 1;
}

async function* after(first: readonly StoreEvent[], rest: AsyncIterable<StoreEvent>): AsyncGenerator<StoreEvent> {
  yield* first;
  yield* rest;
}
