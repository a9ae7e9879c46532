import { EventType, WatchRequest, type Event as WireEvent } from '@minos/api/cosi';
import { backoffMs, Fault, isFault, messageOf } from '@minos/base';
import { epochText } from './bookmark.ts';
import type { Remote } from './remote.ts';
import type { ResourceType } from './resource-type.ts';
import { sameContent } from './same-content.ts';
import type { Resource, WatchEvent, WatchOptions } from './state.ts';
import { fromWire } from './wire-resource.ts';

interface RemoteWatch<S> {
  readonly remote: Remote;
  readonly type: ResourceType<S>;
  readonly watch: WatchOptions;
}

/** How long to wait between tries to reach the source. */
export const RECONNECT = { firstMs: 20, factor: 2, maxMs: 200 };

/**
 * Watches over the wire across losses of the source. After a reconnection only what differs is told. What is missing
 * after a restart of the source is told as destroyed only when it has not come back within the grace, since other
 * daemons may still be publishing it again. Ends when the signal is aborted; a refusal is thrown.
 */
export async function* watchRemote<S>(of: RemoteWatch<S>, signal: AbortSignal): AsyncGenerator<WatchEvent<S>> {
  const following = new Following(of);
  for (let attempt = 0; !signal.aborted; ) {
    const stop = new AbortController();
    try {
      for await (const event of receive(of, AbortSignal.any([signal, stop.signal]), following, stop)) {
        attempt = 0;
        yield* following.take(event);
      }
    } catch (e) {
      if (signal.aborted) return;
      if (!isRetried(e)) throw e;
      of.remote.log.debug({ type: of.type.type, err: messageOf(e) }, 'watch lost');
    } finally {
      stop.abort();
    }
    attempt += 1;
    following.lost();
    await pause(of.remote, backoffMs(RECONNECT, attempt), signal);
  }
}

/** Whether trying again can help. */
export function isRetried(e: unknown): boolean {
  return ['unavailable', 'cancelled', 'deadline', 'exhausted', 'unknown', 'internal'].some((kind) => isKindOf(e, kind));
}

function isKindOf(e: unknown, kind: string): boolean {
  return isFault(e) && e.kind === kind;
}

/** Sleeps, and returns also when the signal is aborted. */
export async function pause(remote: Remote, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await remote.clock.sleep(ms, signal);
  } catch (e) {
    if (!signal.aborted) throw e;
  }
}

type Received = { readonly kind: 'event'; readonly event: WireEvent } | { readonly kind: 'grace-over' };

/** The events of one stream, and the end of the grace when it comes first. */
async function* receive<S>(
  of: RemoteWatch<S>,
  signal: AbortSignal,
  following: Following<S>,
  stop: AbortController,
): AsyncGenerator<Received> {
  const request = WatchRequest.fromPartial({
    namespace: of.watch.namespace ?? of.type.defaultNamespace,
    type: of.type.type,
    options: { bootstrapContents: true },
    apiVersion: 1,
  });
  const responses = of.remote.state.Watch(request, { signal })[Symbol.asyncIterator]();
  const ask = (): ReturnType<typeof responses.next> => {
    const answer = responses.next();
    answer.catch(() => undefined);
    return answer;
  };
  let next = ask();
  let grace: Promise<'grace-over'> | undefined;
  for (;;) {
    if (grace === undefined && following.hasMissing) {
      grace = pause(of.remote, of.remote.graceMs, stop.signal).then(() => 'grace-over');
    }
    const result = await (grace === undefined ? next : Promise.race([next, grace]));
    if (result === 'grace-over') {
      grace = undefined;
      yield { kind: 'grace-over' };
      continue;
    }
    if (result.done === true) throw new Fault('unavailable', 'the source ended the watch');
    for (const event of result.value.event) yield { kind: 'event', event };
    next = ask();
  }
}

/** What a reader was told, and how it compares with what comes. */
class Following<S> {
  readonly #of: RemoteWatch<S>;
  readonly #known = new Map<string, Resource<S>>();
  readonly #missing = new Map<string, Resource<S>>();
  #seen: Set<string> | undefined = new Set();
  #isFirst = true;
  #epoch = '';

  constructor(of: RemoteWatch<S>) {
    this.#of = of;
  }

  get hasMissing(): boolean {
    return this.#missing.size > 0;
  }

  /** The stream broke; the next contents are compared with what is known. */
  lost(): void {
    this.#seen = new Set();
  }

  *take(received: Received): Generator<WatchEvent<S>> {
    if (received.kind === 'grace-over') return yield* this.#giveUpMissing();
    const { event } = received;
    const bookmark = event.bookmark?.toString('hex') ?? '';
    if (event.eventType === EventType.BOOTSTRAPPED) return yield* this.#bootstrapped(event.bookmark, bookmark);
    if (event.eventType === EventType.ERRORED) throw new Fault('unavailable', event.error ?? 'the watch failed');
    if (event.eventType === EventType.NOOP) return;
    const resource = fromWire(this.#of.type, event.resource);
    if (this.#of.watch.id !== undefined && resource.metadata.id !== this.#of.watch.id) return;
    if (event.eventType === EventType.DESTROYED) yield* this.#gone(resource, bookmark);
    else yield* this.#stands(resource, bookmark);
  }

  *#stands(resource: Resource<S>, bookmark: string): Generator<WatchEvent<S>> {
    const { id } = resource.metadata;
    const previous = this.#known.get(id);
    this.#seen?.add(id);
    this.#missing.delete(id);
    this.#known.set(id, resource);
    if (previous === undefined) yield { kind: 'created', resource, bookmark };
    else if (!isSame(this.#of.type, previous, resource)) yield { kind: 'updated', resource, previous, bookmark };
  }

  *#gone(resource: Resource<S>, bookmark: string): Generator<WatchEvent<S>> {
    this.#missing.delete(resource.metadata.id);
    if (this.#known.delete(resource.metadata.id)) yield { kind: 'destroyed', resource, bookmark };
  }

  *#bootstrapped(raw: Buffer | undefined, bookmark: string): Generator<WatchEvent<S>> {
    const epoch = raw === undefined ? '' : epochText(raw);
    const isRestarted = epoch !== this.#epoch;
    this.#epoch = epoch;
    for (const [id, resource] of this.#known) {
      if (this.#seen?.has(id) === false) this.#missing.set(id, resource);
    }
    this.#seen = undefined;
    if (!isRestarted || this.#of.remote.graceMs === 0) yield* this.#giveUpMissing();
    if (this.#isFirst) yield { kind: 'bootstrapped', bookmark };
    this.#isFirst = false;
  }

  *#giveUpMissing(): Generator<WatchEvent<S>> {
    for (const [id, resource] of this.#missing) {
      this.#known.delete(id);
      yield { kind: 'destroyed', resource, bookmark: '' };
    }
    this.#missing.clear();
  }
}

/** Whether a reader would see no difference; versions of another run of the source do not count. */
function isSame<S>(type: ResourceType<S>, a: Resource<S>, b: Resource<S>): boolean {
  if (a.metadata.phase !== b.metadata.phase || a.metadata.owner !== b.metadata.owner) return false;
  return sameContent(type, a, { spec: b.spec, labels: b.metadata.labels, annotations: b.metadata.annotations });
}
