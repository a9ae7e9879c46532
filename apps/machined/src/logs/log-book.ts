import { type Clock, Fault, type Logger, messageOf } from '@minos/base';
import type { Files } from '@minos/host';
import { FollowerPace } from './follower-pace.ts';
import { LogFile } from './log-file.ts';
import { type LogQuery, ServiceLog } from './service-log.ts';
import { WriteQueue } from './write-queue.ts';

/** What the logs of all services need. */
export interface LogBookOptions {
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where the files are, such as /var/log. */
  readonly directory: string;
  readonly ringBytes?: number;
  readonly rotateBytes?: number;
}

interface Entry {
  readonly log: ServiceLog;
  readonly file: LogFile;
  /** What was written before this run has been read into memory. */
  readonly loaded: Promise<void>;
  readonly queue: WriteQueue;
}

/** Compressed; a log of text takes about a tenth of it. */
const RING_BYTES = 1024 * 1024;
/** Read from disk at the start. */
const LOADED_BYTES = 128 * 1024;
const ROTATE_BYTES = 5 * 1024 * 1024;
/** The logs of every service: the newest lines in memory, compressed; more on disk. */
export class LogBook implements AsyncDisposable {
  readonly #options: LogBookOptions;
  readonly #end = new AbortController();
  readonly #pace: FollowerPace;
  readonly #entries = new Map<string, Entry>();

  constructor(options: LogBookOptions) {
    this.#options = options;
    this.#pace = new FollowerPace(options.clock, this.#end.signal);
  }

  /** Ids of the logs that there are, sorted. */
  ids(): string[] {
    return [...this.#entries.keys()].sort();
  }

  /** Makes a log exist, with what an earlier run left on disk. */
  open(id: string): Promise<void> {
    return this.#entry(id).loaded;
  }

  /**
   * Takes a copy of bytes from a service: in memory at once, on disk as soon as what came before is there. Resolves when
   * more may come; what waits for the disk is bounded, and a source is read no faster than that.
   */
  async append(id: string, bytes: Uint8Array): Promise<void> {
    const entry = this.#entry(id);
    await entry.loaded;
    entry.log.append(bytes);
    await entry.queue.put(bytes);
  }

  /** What all of them take in memory. */
  get keptBytes(): number {
    return [...this.#entries.values()].reduce((sum, { log }) => sum + log.keptBytes, 0);
  }

  /** The last line of a log, with its newline; empty when there is none. */
  lastLine(id: string): string {
    return this.#entries.get(id)?.log.lastLine() ?? '';
  }

  /** Reads a log; throws `missing` when there is none. */
  read(id: string, query: LogQuery, signal: AbortSignal): AsyncIterable<Buffer> {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new Fault('missing', `log "${id}" was not registered`);
    return entry.log.read(query, signal);
  }

  /** Copies a FIFO into a log until aborted. */
  async follow(id: string, fifo: string, signal: AbortSignal): Promise<void> {
    await this.open(id);
    try {
      for await (const bytes of this.#options.files.readFifo(fifo, signal)) await this.append(id, bytes);
    } catch (e) {
      if (!signal.aborted) this.#options.log.error({ service: id, err: messageOf(e) }, 'log is not read any more');
    }
  }

  /** Resolves when all that was taken so far is on disk, or was given up. */
  async flush(): Promise<void> {
    await Promise.all(
      [...this.#entries.values()].map(async ({ loaded, queue }) => {
        await loaded;
        await queue.settled();
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.flush();
    await Promise.all([...this.#entries.values()].map((entry) => entry.file[Symbol.asyncDispose]()));
  }

  #entry(id: string): Entry {
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      entry = this.#newEntry(id);
      this.#entries.set(id, entry);
    }
    return entry;
  }

  #newEntry(id: string): Entry {
    const { files, clock, log, directory } = this.#options;
    const ringBytes = this.#options.ringBytes ?? RING_BYTES;
    const rotateBytes = this.#options.rotateBytes ?? ROTATE_BYTES;
    const file = new LogFile({ files, clock, log, path: `${directory}/${id}.log`, rotateBytes });
    const serviceLog = new ServiceLog({ limitBytes: ringBytes, nowMs: () => clock.now(), pace: this.#pace });
    const loaded = file.readTail(Math.min(LOADED_BYTES, ringBytes / 2)).then((tail) => serviceLog.load(tail));
    return { log: serviceLog, file, loaded, queue: new WriteQueue((bytes) => file.write(bytes)) };
  }
}
