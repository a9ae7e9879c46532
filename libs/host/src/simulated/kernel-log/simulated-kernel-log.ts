import type { KernelLog, KernelLogRecord } from '../../port/kernel-log.ts';
import { Waiters } from '../waiters.ts';

const KEPT = 1000;
const DAEMON = 3;

/** A kernel log in memory that keeps the newest 1000 records. */
export class SimulatedKernelLog implements KernelLog {
  readonly #sinceBootUs: () => bigint;
  #records: KernelLogRecord[] = [];
  #nextSequence = 0n;
  readonly #readers = new Waiters();

  constructor(sinceBootUs: () => bigint) {
    this.#sinceBootUs = sinceBootUs;
  }

  async *records(
    options: { readonly follow: boolean; readonly tail: boolean },
    signal: AbortSignal,
  ): AsyncGenerator<KernelLogRecord, void, undefined> {
    let from = options.tail ? this.#nextSequence : 0n;
    while (!signal.aborted) {
      const next = this.#records.find((record) => record.sequence >= from);
      if (next !== undefined) {
        from = next.sequence + 1n;
        yield next;
      } else if (options.follow) await this.#readers.wait(signal);
      else return;
    }
  }

  async write(severity: number, message: string): Promise<void> {
    this.add({ facility: DAEMON, severity, message });
  }

  /** Adds a record as the kernel would. */
  add(record: {
    readonly facility: number;
    readonly severity: number;
    readonly message: string;
    readonly sinceBootUs?: bigint;
  }): void {
    const { facility, severity, message } = record;
    const sinceBootUs = record.sinceBootUs ?? this.#sinceBootUs();
    this.#records.push({ sequence: this.#nextSequence, facility, severity, sinceBootUs, message: message.replaceAll('\n', ' ') });
    this.#nextSequence += 1n;
    if (this.#records.length > KEPT) this.#records = this.#records.slice(-KEPT);
    this.#readers.wake();
  }
}
