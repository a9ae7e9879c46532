import { messageOf } from './fault.ts';

/** Something that can be released once. */
export type Releasable = Disposable | AsyncDisposable | (() => void | Promise<void>);

/**
 * Owns what was opened: released last-in-first-out by `await using` or `close()`, each exactly once, every failure
 * reported together in one AggregateError. Works after a half-finished start.
 */
export class Scope implements AsyncDisposable {
  #owned: Releasable[] = [];
  #closed: Promise<void> | undefined;

  /** Takes ownership and hands the value back, so that opening and owning stand on one line. */
  use<T extends Releasable>(resource: T): T {
    if (this.#closed !== undefined) throw new Error('scope is closed already');
    this.#owned.push(resource);
    return resource;
  }

  /** Releases everything; a second call waits for the first. */
  close(): Promise<void> {
    this.#closed ??= this.#releaseAll();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #releaseAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let next = this.#owned.pop(); next !== undefined; next = this.#owned.pop()) {
      try {
        await release(next);
      } catch (e) {
        failures.push(e);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, failures.map(messageOf).join('; '));
  }
}

async function release(resource: Releasable): Promise<void> {
  if (typeof resource === 'function') await resource();
  else if (Symbol.asyncDispose in resource) await resource[Symbol.asyncDispose]();
  else resource[Symbol.dispose]();
}
