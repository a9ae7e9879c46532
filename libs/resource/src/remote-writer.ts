import { WatchRequest } from '@minos/api/cosi';
import { backoffMs, Fault, isFault, messageOf } from '@minos/base';
import { getRemote, listRemote, type Remote } from './remote.ts';
import { isRetried, pause, RECONNECT } from './remote-watch.ts';
import type { ResourceType } from './resource-type.ts';
import { sameContent } from './same-content.ts';
import type { Resource, StateWriter, WriteOptions } from './state.ts';
import { fromWire } from './wire-resource.ts';

interface Wanted {
  readonly type: ResourceType<unknown>;
  readonly namespace: string;
  readonly id: string;
  readonly spec: unknown;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** What the source is known to hold. */
  standing: Resource<unknown> | undefined;
}

const CALL = { timeoutMs: 5000 };
const TRIES = 4;
/** No resource has this id; a watch of it tells when the source is lost and when it is back. */
const SESSION_ID = '';

/**
 * Writes over the wire under one owner, one change after another. While the source is away a change is kept and the
 * result is what was asked for, with version 0; when the source is back everything wanted is published again and what is
 * not wanted any more is removed.
 */
export class RemoteWriter implements StateWriter {
  readonly #remote: Remote;
  readonly #owner: string;
  readonly #signal: AbortSignal;
  readonly #wanted = new Map<string, Wanted>();
  readonly #kinds = new Map<string, { readonly type: ResourceType<unknown>; readonly namespace: string }>();
  #queue: Promise<unknown> = Promise.resolve();
  #session: Promise<void> | undefined;
  #sessionStop = new AbortController();
  #isStale = false;

  constructor(remote: Remote, owner: string, signal: AbortSignal) {
    this.#remote = remote;
    this.#owner = owner;
    this.#signal = signal;
  }

  put<S>(type: ResourceType<S>, id: string, spec: S, options: WriteOptions = {}): Promise<Resource<S>> {
    return this.#inTurn(() => this.#put(type, id, { spec, options }));
  }

  remove<S>(type: ResourceType<S>, id: string, namespace?: string): Promise<boolean> {
    return this.#inTurn(() => this.#remove(type, id, namespace ?? type.defaultNamespace));
  }

  replaceAll<S>(type: ResourceType<S>, specs: ReadonlyMap<string, S>, options: WriteOptions = {}): Promise<void> {
    const namespace = options.namespace ?? type.defaultNamespace;
    return this.#inTurn(async () => {
      this.#begin(type, namespace);
      for (const wanted of this.#wantedOf(type, namespace)) {
        if (!specs.has(wanted.id)) await this.#remove(type, wanted.id, namespace);
      }
      for (const [id, spec] of specs) await this.#put(type, id, { spec, options });
    });
  }

  /** Resolves when nothing of it runs any more; its signal must be aborted. */
  async closed(): Promise<void> {
    this.#sessionStop.abort();
    await Promise.allSettled([this.#session, this.#queue]);
  }

  async #put<S>(
    type: ResourceType<S>,
    id: string,
    of: { readonly spec: S; readonly options: WriteOptions },
  ): Promise<Resource<S>> {
    const namespace = of.options.namespace ?? type.defaultNamespace;
    this.#begin(type, namespace);
    const key = keyOf(type, namespace, id);
    const wanted: Wanted = {
      type,
      namespace,
      id,
      spec: of.spec,
      labels: of.options.labels ?? {},
      annotations: of.options.annotations ?? {},
      standing: this.#wanted.get(key)?.standing,
    };
    const before = this.#wanted.get(key);
    this.#wanted.set(key, wanted);
    try {
      // What was published for a type is of that type.
      return (await this.#publish(wanted)) as Resource<S>;
    } catch (e) {
      if (this.#isAway(e)) return { metadata: this.#metadataOf(wanted), spec: of.spec };
      if (before === undefined) this.#wanted.delete(key);
      else this.#wanted.set(key, before);
      throw e;
    }
  }

  async #remove<S>(type: ResourceType<S>, id: string, namespace: string): Promise<boolean> {
    this.#begin(type, namespace);
    const wasWanted = this.#wanted.delete(keyOf(type, namespace, id));
    try {
      await this.#remote.state.Destroy({ namespace, type: type.type, id, options: { owner: this.#owner } }, CALL);
      return true;
    } catch (e) {
      if (isFault(e, 'missing')) return false;
      if (this.#isAway(e)) return wasWanted;
      throw e;
    }
  }

  /** Makes the source hold what is wanted; creates, or updates what it holds. */
  async #publish(wanted: Wanted): Promise<Resource<unknown>> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const { standing, type } = wanted;
      if (standing !== undefined && standing.metadata.owner === this.#owner && sameContent(type, standing, wanted))
        return standing;
      try {
        wanted.standing = standing === undefined ? await this.#create(wanted) : await this.#update(wanted, standing);
        return wanted.standing;
      } catch (e) {
        if (!isFault(e, 'exists') && !isFault(e, 'missing') && !isFault(e, 'precondition')) throw e;
        wanted.standing = await getRemote(this.#remote, type, wanted);
      }
    }
    throw new Fault('aborted', `resource ${wanted.type.type}(${wanted.id}) keeps changing; try again`);
  }

  async #create(wanted: Wanted): Promise<Resource<unknown>> {
    const resource = this.#wire(wanted, 0n);
    const answer = await this.#remote.state.Create({ resource, options: { owner: this.#owner } }, CALL);
    return fromWire(wanted.type, answer.resource);
  }

  async #update(wanted: Wanted, standing: Resource<unknown>): Promise<Resource<unknown>> {
    const newResource = this.#wire(wanted, standing.metadata.version);
    const answer = await this.#remote.state.Update({ newResource, options: { owner: this.#owner } }, CALL);
    return fromWire(wanted.type, answer.resource);
  }

  #wire(wanted: Wanted, version: bigint) {
    const { type, namespace, id, spec, labels, annotations } = wanted;
    return {
      metadata: {
        namespace,
        type: type.type,
        id,
        version: version.toString(),
        owner: this.#owner,
        phase: 'running',
        created: undefined,
        updated: undefined,
        finalizers: [],
        labels: { ...labels },
        annotations: { ...annotations },
      },
      spec: { protoSpec: Buffer.from(type.codec.encode(spec).finish()), yamlSpec: '' },
    };
  }

  #metadataOf(wanted: Wanted): Resource<unknown>['metadata'] {
    const now = this.#remote.clock.now();
    const { namespace, id, labels, annotations } = wanted;
    const common = { namespace, type: wanted.type.type, id, labels, annotations, owner: this.#owner, finalizers: [] };
    return { ...common, version: 0n, phase: 'running', createdMs: now, updatedMs: now };
  }

  /** Everything wanted is published as if for the first time, and what else is under this owner's name is removed. */
  async #republish(): Promise<void> {
    for (const wanted of this.#wanted.values()) {
      wanted.standing = undefined;
      await this.#publish(wanted);
    }
    for (const { type, namespace } of this.#kinds.values()) {
      for (const { metadata } of await listRemote(this.#remote, type, namespace)) {
        if (metadata.owner !== this.#owner || this.#wanted.has(keyOf(type, namespace, metadata.id))) continue;
        await this.#remove(type, metadata.id, namespace);
      }
    }
    this.#isStale = false;
  }

  #begin(type: ResourceType<unknown>, namespace: string): void {
    const kind = { type, namespace };
    this.#kinds.set(keyOf(type, namespace, ''), kind);
    this.#session ??= this.#keepSession(kind);
  }

  /** Notices that the source is lost, waits for it, and publishes again. */
  async #keepSession(kind: { readonly type: ResourceType<unknown>; readonly namespace: string }): Promise<void> {
    const request = WatchRequest.fromPartial({ namespace: kind.namespace, type: kind.type.type, id: SESSION_ID, apiVersion: 1 });
    for (let attempt = 1; !this.#signal.aborted; attempt++) {
      this.#sessionStop = new AbortController();
      const signal = AbortSignal.any([this.#signal, this.#sessionStop.signal]);
      try {
        for await (const _response of this.#remote.state.Watch(request, { signal })) {
          attempt = 0;
          if (this.#isStale) await this.#inTurn(() => this.#republish());
        }
      } catch (e) {
        if (!this.#signal.aborted && !isRetried(e)) this.#remote.log.warn({ err: messageOf(e) }, 'resources cannot be published');
      }
      this.#isStale = true;
      await pause(this.#remote, backoffMs(RECONNECT, attempt + 1), this.#signal);
    }
  }

  #isAway(e: unknown): boolean {
    if (!isFault(e, 'unavailable') && !isFault(e, 'deadline') && !isFault(e, 'cancelled')) return false;
    this.#isStale = true;
    this.#sessionStop.abort();
    return true;
  }

  #wantedOf(type: ResourceType<unknown>, namespace: string): Wanted[] {
    return [...this.#wanted.values()].filter((wanted) => wanted.type.type === type.type && wanted.namespace === namespace);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work, work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

function keyOf(type: ResourceType<unknown>, namespace: string, id: string): string {
  return `${namespace}/${type.type}/${id}`;
}
