/** Wakes everybody who waits for the next change; nobody who was not waiting is told later. */
export class Notice {
  #waiting = new Set<() => void>();

  /** Resolves at the next `wake`, or when the signal is aborted; never rejects. */
  wait(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  wake(): void {
    for (const done of [...this.#waiting]) done();
  }
}
