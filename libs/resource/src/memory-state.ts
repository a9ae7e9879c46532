import type { Clock } from '@minos/base';
import { epochOf, makeBookmark } from './bookmark.ts';
import { type KindKey, ResourceStore, type StoreEvent, type StoreWatch } from './resource-store.ts';
import type { ResourceType } from './resource-type.ts';
import { sameContent } from './same-content.ts';
import type { Resource, State, StateWriter, WatchEvent, WatchOptions, WriteOptions } from './state.ts';
import { NAMESPACES } from './types/all-types.ts';
import { definitionOf, namespaceType, resourceDefinitionType } from './types/meta.ts';

/** What a state in memory needs to begin. */
export interface MemoryStateOptions {
  readonly clock: Clock;
  /** How often the source was started in this boot; 1 at first. It goes into versions and bookmarks. */
  readonly startCount?: number;
  /** Tells boots apart; bookmarks of another boot are refused. */
  readonly bootId?: string;
  /** Types to announce as ResourceDefinition and Namespace resources. */
  readonly types?: readonly ResourceType<unknown>[];
  readonly historyLimit?: number;
  readonly watcherLimit?: number;
}

const VERSIONS_PER_START = 1_000_000n;

/** The state of the node in memory: the source that everybody else reads. */
export class MemoryState implements State {
  /** The untyped store beneath, for the State service. */
  readonly store: ResourceStore;
  readonly epoch: Buffer;

  constructor(options: MemoryStateOptions) {
    const startCount = options.startCount ?? 1;
    this.epoch = epochOf(options.bootId ?? '', startCount);
    this.store = new ResourceStore({
      clock: options.clock,
      versionBase: BigInt(startCount - 1) * VERSIONS_PER_START,
      historyLimit: options.historyLimit ?? 128,
      watcherLimit: options.watcherLimit ?? 1024,
    });
    if (options.types !== undefined) announce(this.store, options.types);
  }

  async get<S>(type: ResourceType<S>, id: string, namespace?: string): Promise<Resource<S> | undefined> {
    return this.peek(type, id, namespace);
  }

  async list<S>(type: ResourceType<S>, namespace?: string): Promise<readonly Resource<S>[]> {
    return this.store.list(keyOf(type, namespace)).map((resource) => typed<S>(resource));
  }

  /** As `get`, at once: for those in the same process. */
  peek<S>(type: ResourceType<S>, id: string, namespace?: string): Resource<S> | undefined {
    const found = this.store.get(keyOf(type, namespace), id);
    return found === undefined ? undefined : typed<S>(found);
  }

  watch<S>(type: ResourceType<S>, options: WatchOptions, signal: AbortSignal): AsyncIterable<WatchEvent<S>> {
    const watch = this.store.watch(keyOf(type, options.namespace), signal);
    return typedEvents<S>(watch, options.id, this.epoch);
  }

  as(owner: string): StateWriter {
    return new MemoryWriter(this.store, owner);
  }
}

class MemoryWriter implements StateWriter {
  readonly #store: ResourceStore;
  readonly #owner: string;

  constructor(store: ResourceStore, owner: string) {
    this.#store = store;
    this.#owner = owner;
  }

  async put<S>(type: ResourceType<S>, id: string, spec: S, options: WriteOptions = {}): Promise<Resource<S>> {
    const key = keyOf(type, options.namespace);
    const existing = this.#store.get(key, id);
    const labels = options.labels ?? {};
    const annotations = options.annotations ?? {};
    if (existing !== undefined && sameContent(type, typed<S>(existing), { spec, labels, annotations })) {
      if (existing.metadata.owner === this.#owner) return typed<S>(existing);
    }
    const draft = { ...key, id, owner: this.#owner, labels, annotations };
    const stored =
      existing === undefined
        ? this.#store.create({ ...draft, phase: 'running', finalizers: [] }, spec)
        : this.#store.update(
            { ...draft, phase: existing.metadata.phase, finalizers: existing.metadata.finalizers },
            spec,
            undefined,
          );
    return typed<S>(stored);
  }

  async remove<S>(type: ResourceType<S>, id: string, namespace?: string): Promise<boolean> {
    const key = keyOf(type, namespace);
    if (this.#store.get(key, id) === undefined) return false;
    this.#store.destroy(key, id, this.#owner);
    return true;
  }

  async replaceAll<S>(type: ResourceType<S>, specs: ReadonlyMap<string, S>, options: WriteOptions = {}): Promise<void> {
    for (const { metadata } of this.#store.list(keyOf(type, options.namespace))) {
      if (metadata.owner === this.#owner && !specs.has(metadata.id)) await this.remove(type, metadata.id, options.namespace);
    }
    for (const [id, spec] of specs) await this.put(type, id, spec, options);
  }
}

async function* typedEvents<S>(started: StoreWatch, id: string | undefined, epoch: Buffer): AsyncGenerator<WatchEvent<S>> {
  using watch = started;
  const isWanted = (resource: Resource<unknown>): boolean => id === undefined || resource.metadata.id === id;
  for (const resource of watch.contents) {
    if (isWanted(resource)) yield { kind: 'created', resource: typed<S>(resource), bookmark: '' };
  }
  yield { kind: 'bootstrapped', bookmark: makeBookmark(epoch, watch.position).toString('hex') };
  for await (const event of watch.events) {
    if (isWanted(event.resource)) yield typedEvent<S>(event, makeBookmark(epoch, event.position).toString('hex'));
  }
}

function typedEvent<S>(event: StoreEvent, bookmark: string): WatchEvent<S> {
  const resource = typed<S>(event.resource);
  if (event.kind !== 'updated') return { kind: event.kind, resource, bookmark };
  const previous = event.previous === undefined ? undefined : typed<S>(event.previous);
  return { kind: 'updated', resource, previous, bookmark };
}

/** A kind holds only what was put under its type, so the type says what the spec is. */
function typed<S>(resource: Resource<unknown>): Resource<S> {
  return resource as Resource<S>;
}

function keyOf<S>(type: ResourceType<S>, namespace: string | undefined): KindKey {
  return { namespace: namespace ?? type.defaultNamespace, type: type.type };
}

function announce(store: ResourceStore, types: readonly ResourceType<unknown>[]): void {
  const common = { owner: 'meta', phase: 'running', finalizers: [], labels: {}, annotations: {}, namespace: 'meta' } as const;
  for (const type of types) {
    store.create({ ...common, type: resourceDefinitionType.type, id: type.type.toLowerCase() }, definitionOf(type));
  }
  for (const [namespace, description] of Object.entries(NAMESPACES)) {
    const spec = { description };
    store.create({ ...common, type: namespaceType.type, id: namespace }, spec);
  }
}
