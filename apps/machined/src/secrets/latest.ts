import { isFault, orAborted } from '@minos/base';
import type { ResourceType, StateReader } from '@minos/resource';

/** One kind of resource to keep an eye on; `id` for a single one. */
export interface Watched<S> {
  readonly type: ResourceType<S>;
  readonly id?: string;
}

/** The latest values of some resources, and a way to wait for a change of any. Ends with its signal. */
export class Latest {
  readonly #state: StateReader;
  readonly #signal: AbortSignal;
  #changed = Promise.withResolvers<void>();
  #stop = new AbortController();

  constructor(state: StateReader, signal: AbortSignal) {
    this.#state = state;
    this.#signal = signal;
  }

  /** Aborted by the next change. */
  get untilChange(): AbortSignal {
    return AbortSignal.any([this.#stop.signal, this.#signal]);
  }

  /** Resolves at the next change; rejects with `cancelled` when the signal is aborted. */
  change(): Promise<void> {
    return orAborted(this.#changed.promise, this.#signal);
  }

  /** Tells each value of a resource until the signal is aborted. A value that is gone stays as it was. */
  async follow<S>({ type, id }: Watched<S>, take: (spec: S) => void): Promise<void> {
    const options = id === undefined ? {} : { id };
    while (!this.#signal.aborted) {
      try {
        for await (const event of this.#state.watch(type, options, this.#signal)) {
          if (event.kind !== 'created' && event.kind !== 'updated') continue;
          take(event.resource.spec);
          this.#tell();
        }
        return;
      } catch (e) {
        if (this.#signal.aborted) return;
        if (!isFault(e, 'exhausted')) throw e;
      }
    }
  }

  #tell(): void {
    const { resolve } = this.#changed;
    const stop = this.#stop;
    this.#changed = Promise.withResolvers<void>();
    this.#stop = new AbortController();
    resolve();
    stop.abort();
  }
}
