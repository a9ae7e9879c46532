import type { NetworkEvent } from '../port/rtnetlink.ts';

/** Hands network events to any number of readers; for a slow reader equal events become one. */
export class EventFan {
  readonly #readers = new Set<(event: NetworkEvent) => void>();
  readonly #closings = new Set<() => void>();

  /** Tells every reader. */
  push(event: NetworkEvent): void {
    for (const tell of this.#readers) tell(event);
  }

  /** Events from now on, until aborted or closed. */
  events(signal: AbortSignal): AsyncIterable<NetworkEvent> {
    const pending = new Set<NetworkEvent['kind']>();
    let wake = (): void => undefined;
    let isOver = signal.aborted;
    const tell = (event: NetworkEvent): void => {
      pending.add(event.kind);
      wake();
    };
    const stop = (): void => {
      isOver = true;
      this.#readers.delete(tell);
      this.#closings.delete(stop);
      signal.removeEventListener('abort', stop);
      wake();
    };
    if (!isOver) {
      this.#readers.add(tell);
      this.#closings.add(stop);
      signal.addEventListener('abort', stop, { once: true });
    }
    async function* read(): AsyncGenerator<NetworkEvent, void, undefined> {
      try {
        while (!isOver) {
          for (const kind of pending) {
            pending.delete(kind);
            yield { kind };
          }
          if (isOver || pending.size > 0) continue;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      } finally {
        stop();
      }
    }
    return read();
  }

  /** Ends every reader. */
  close(): void {
    for (const stop of [...this.#closings]) stop();
  }
}
