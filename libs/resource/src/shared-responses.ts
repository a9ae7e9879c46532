import { StateDefinition, WatchResponse } from '@minos/api/cosi';
import type { StoreEvent } from './resource-store.ts';

/** Changes whose message is kept: a change is told to all its watchers in the same moment. */
const KEPT = 64;

/** The messages about changes, made and encoded once for all who watch; the message for a change must not be altered. */
export class SharedResponses {
  readonly #responses = new Map<StoreEvent, WatchResponse>();
  readonly #bytes = new WeakMap<WatchResponse, Uint8Array>();

  /** The message for a change, made when no watcher was told of it lately. */
  of(change: StoreEvent, make: () => WatchResponse): WatchResponse {
    const known = this.#responses.get(change);
    if (known !== undefined) return known;
    const made = make();
    this.#bytes.set(made, WatchResponse.encode(made).finish());
    if (this.#responses.size >= KEPT) for (const oldest of this.#responses.keys()) if (this.#responses.delete(oldest)) break;
    this.#responses.set(change, made);
    return made;
  }

  /** The State service as it is served: a shared message is not encoded again. */
  definition() {
    const encode = (message: WatchResponse): { finish(): Uint8Array } => {
      const bytes = this.#bytes.get(message);
      return bytes === undefined ? WatchResponse.encode(message) : { finish: () => bytes };
    };
    const { methods } = StateDefinition;
    const watch = { ...methods.watch, responseType: { encode, decode: (bytes: Uint8Array) => WatchResponse.decode(bytes) } };
    return { ...StateDefinition, methods: { ...methods, watch } };
  }
}
