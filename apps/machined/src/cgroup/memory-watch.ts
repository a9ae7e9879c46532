import { type Clock, isFault, type Logger, messageOf } from '@minos/base';
import type { Exit, Files } from '@minos/host';
import type { EndWatch } from '../service/end-watch.ts';
import { historyText, MemoryHistory, mibText, SAMPLE_MS } from './memory-history.ts';
import { type MemoryReading, readMemory } from './memory-reading.ts';

/** No service gets by with less. */
const LEAST_BYTES = 1024 * 1024;

/** What watching the memory of services needs. */
export interface MemoryWatchOptions {
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Logger;
  /** How many kills of each service are known; what is kept outlives machined, and is gone after a boot, as cgroups are. */
  readonly known: () => Readonly<Record<string, number>>;
  readonly keep: (known: Readonly<Record<string, number>>) => Promise<void>;
}

/** Samples the memory of the services, and tells which ends were the kernel's doing for want of memory. */
export class MemoryWatch implements EndWatch {
  readonly #options: MemoryWatchOptions;
  readonly #histories = new Map<string, MemoryHistory>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: MemoryWatchOptions) {
    this.#options = options;
  }

  /** What a service used lately, since it was started. */
  history(id: string): MemoryHistory {
    const found = this.#histories.get(id) ?? new MemoryHistory();
    this.#histories.set(id, found);
    return found;
  }

  /** Takes a sample of each service that lives, every ten seconds until aborted. */
  async run(living: () => readonly string[], signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await Promise.all(living().map((id) => this.#sample(id)));
      await this.#options.clock.sleep(SAMPLE_MS, signal).catch((e: unknown) => {
        if (!isFault(e, 'cancelled')) throw e;
      });
    }
  }

  begin(id: string): Promise<void> {
    this.#histories.delete(id);
    return this.#inTurn(async () => {
      const reading = await readMemory(this.#options.files, id);
      if (reading !== undefined) await this.#know(id, reading.kills);
    });
  }

  explain(id: string, exit: Exit): Promise<string | undefined> {
    return this.#inTurn(async () => {
      const reading = await readMemory(this.#options.files, id);
      if (reading === undefined || reading.kills <= this.#known(id)) return undefined;
      await this.#know(id, reading.kills);
      // A helper of the service may have been killed some time before the service ended by itself.
      if (exit.kind !== 'signalled' || exit.signal !== 'SIGKILL') return undefined;
      return oomText(reading, this.history(id));
    });
  }

  async #sample(id: string): Promise<void> {
    const reading = await readMemory(this.#options.files, id);
    // With less nobody is in the group any more: killed, and not yet told.
    if (reading !== undefined && reading.bytes >= LEAST_BYTES)
      this.history(id).take({ atMs: this.#options.clock.now(), bytes: reading.bytes });
  }

  #known(id: string): number {
    return this.#options.known()[id] ?? 0;
  }

  async #know(id: string, kills: number): Promise<void> {
    if (this.#known(id) !== kills) await this.#options.keep({ ...this.#options.known(), [id]: kills });
  }

  /** One after the other: a start that follows an end must not make the end look old. */
  #inTurn<T>(work: () => Promise<T>): Promise<T | undefined> {
    const mine = this.#turn.then(work).catch((e: unknown) => {
      this.#options.log.warn({ err: messageOf(e) }, 'the memory of a service cannot be read');
      return undefined;
    });
    this.#turn = mine;
    return mine;
  }
}

/** That the kernel has killed a service for want of memory, and what it used before, as a part of a sentence; pure. */
export function oomText({ limitBytes, peakBytes, limitHits }: MemoryReading, history: MemoryHistory): string {
  const inUse = peakBytes ?? history.last?.bytes;
  const facts = [
    // Kills without a hit of its own limit are those of the whole machine.
    limitBytes === undefined || limitHits === 0 ? 'the whole node had none left' : `limit ${mibText(limitBytes)}`,
    ...(inUse === undefined ? [] : [`${mibText(inUse)} in use at most`]),
    ...(history.samples.length === 0 ? [] : [`MiB before that, every ${SAMPLE_MS / 1000} s: ${historyText(history.samples)}`]),
  ];
  return `was killed by the kernel: out of memory (${facts.join(', ')})`;
}
