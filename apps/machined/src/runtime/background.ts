import { type BackoffPolicy, backoffMs, type Clock, isFault, type Logger, messageOf } from '@minos/base';

const BACKOFF: BackoffPolicy = { firstMs: 500, factor: 2, maxMs: 30_000 };
const SETTLED_MS = 60_000;

/** Work that goes on beside everything else; one that fails is begun again, with growing waits. */
export class Background implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #signal: AbortSignal;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(clock: Clock, log: Logger, signal: AbortSignal) {
    this.#clock = clock;
    this.#log = log;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
  }

  /** Begins the work and keeps it going until the end. */
  keep(name: string, work: (signal: AbortSignal) => Promise<void>): void {
    const running = this.#repeat(name, work);
    this.#running.add(running);
    running.finally(() => this.#running.delete(running)).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #repeat(name: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    for (let attempt = 1; !this.#signal.aborted; attempt++) {
      const started = this.#clock.monotonicMs();
      try {
        await work(this.#signal);
        return;
      } catch (e) {
        if (this.#signal.aborted) return;
        const waitMs = backoffMs(BACKOFF, attempt);
        this.#log.error({ work: name, err: e, waitMs }, 'background work failed, beginning it again');
        if (this.#clock.monotonicMs() - started > SETTLED_MS) attempt = 0;
        await this.#pause(waitMs);
      }
    }
  }

  async #pause(ms: number): Promise<void> {
    try {
      await this.#clock.sleep(ms, this.#signal);
    } catch (e) {
      if (!isFault(e, 'cancelled')) this.#log.error({ err: messageOf(e) }, 'a wait failed');
    }
  }
}
