import { Fault, isFault } from './fault.ts';

/** Resolves when the signal is aborted; never rejects. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Throws a `cancelled` Fault when the signal is aborted already. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled(signal);
}

/** The Fault that says a wait was given up because its signal was aborted. */
export function cancelled(signal: AbortSignal): Fault {
  if (isFault(signal.reason)) return signal.reason;
  return new Fault('cancelled', 'cancelled', {}, { cause: signal.reason });
}

/** Waits for a promise, or rejects with `cancelled` when the signal is aborted first; the promise itself goes on. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(cancelled(signal));
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(cancelled(signal));
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
