import type { ResourceType } from './resource-type.ts';

/** Where a resource is in its life. */
export type Phase = 'running' | 'tearingDown';

/** Who a resource is, and everything about it but what it says. */
export interface ResourceMetadata {
  readonly namespace: string;
  readonly type: string;
  readonly id: string;
  /** Starts at 1, grows by one with every update. */
  readonly version: bigint;
  /** The one writer; empty when anyone may write. */
  readonly owner: string;
  readonly phase: Phase;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly finalizers: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** One typed, versioned value of the node's state. Immutable: a change makes a new one. */
export interface Resource<S> {
  readonly metadata: ResourceMetadata;
  readonly spec: S;
}

/** What a new or changed resource says, besides its spec. */
export interface WriteOptions {
  /** Namespace; the type's own when absent. */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A change that a watcher sees. `bootstrapped` follows the contents that were asked for; `failed` ends the watch. */
export type WatchEvent<S> =
  | { readonly kind: 'created'; readonly resource: Resource<S>; readonly bookmark: string }
  | {
      readonly kind: 'updated';
      readonly resource: Resource<S>;
      readonly previous: Resource<S> | undefined;
      readonly bookmark: string;
    }
  | { readonly kind: 'destroyed'; readonly resource: Resource<S>; readonly bookmark: string }
  | { readonly kind: 'bootstrapped'; readonly bookmark: string };

/** What to watch. */
export interface WatchOptions {
  readonly namespace?: string;
  /** One resource; the whole kind when absent. */
  readonly id?: string;
}

/**
 * Read access to the state. In machined it is memory; in other daemons a socket. `watch` first yields what there is as
 * `created` events, then `bootstrapped`, then every change in order. A watcher that is too slow gets a Fault
 * `exhausted`; one whose source is gone a Fault `unavailable`.
 */
export interface StateReader {
  get<S>(type: ResourceType<S>, id: string, namespace?: string): Promise<Resource<S> | undefined>;
  list<S>(type: ResourceType<S>, namespace?: string): Promise<readonly Resource<S>[]>;
  watch<S>(type: ResourceType<S>, options: WatchOptions, signal: AbortSignal): AsyncIterable<WatchEvent<S>>;
}

/** Write access under one owner name; what another owner holds is refused with a Fault `denied`. */
export interface StateWriter {
  /** Creates, or updates when the spec, labels or annotations differ; the result is what stands afterwards. */
  put<S>(type: ResourceType<S>, id: string, spec: S, options?: WriteOptions): Promise<Resource<S>>;
  /** Destroys; false when it was not there. */
  remove<S>(type: ResourceType<S>, id: string, namespace?: string): Promise<boolean>;
  /** Makes this writer's resources of a type exactly these: puts each and removes its others. */
  replaceAll<S>(type: ResourceType<S>, specs: ReadonlyMap<string, S>, options?: WriteOptions): Promise<void>;
}

/** The state as a controller sees it: everything to read, its own outputs to write. */
export interface State extends StateReader {
  /** Writing under an owner name, such as `network.LinkStatusController`. */
  as(owner: string): StateWriter;
}
