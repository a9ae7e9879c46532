import { dirname } from 'node:path';
import { type Clock, type Logger, messageOf } from '@minos/base';
import type { AppendFile, Files } from '@minos/host';
import { OldLogs } from './old-logs.ts';

/** Where a log file is and what writes it. */
export interface LogFileOptions {
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Logger;
  readonly path: string;
  readonly rotateBytes: number;
}

const RETRY_MS = 15_000;

/** A log on disk: appended to, and put away compressed at its size limit. What cannot be written is dropped, and counted in the log. */
export class LogFile implements AsyncDisposable {
  readonly #options: LogFileOptions;
  #file: AppendFile | undefined;
  #size = 0;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #droppedBytes = 0;
  readonly #old: OldLogs;

  constructor(options: LogFileOptions) {
    this.#options = options;
    this.#old = new OldLogs(options);
  }

  /** The newest `maxBytes` of what an earlier run wrote, from the beginning of a line; empty when there is nothing. */
  async readTail(maxBytes: number): Promise<Buffer> {
    const { files, path } = this.#options;
    try {
      const size = Number((await files.stat(path)).sizeBytes);
      const from = Math.max(0, size - maxBytes);
      const parts: Buffer[] = [];
      for await (const part of files.stream(path, new AbortController().signal, { from })) parts.push(part);
      const tail = Buffer.concat(parts);
      return from === 0 ? tail : tail.subarray(tail.indexOf('\n') + 1);
    } catch {
      return Buffer.alloc(0);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#options.clock.monotonicMs() < this.#notBeforeMs) {
      this.#droppedBytes += bytes.length;
      return;
    }
    try {
      const file = await this.#open();
      await file.write(bytes);
      this.#size += bytes.length;
      if (this.#size >= this.#options.rotateBytes) await this.#rotate();
    } catch (e) {
      await this.#giveUpForNow(bytes.length, e);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
    await this.#old.settled();
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.[Symbol.asyncDispose]();
  }

  async #open(): Promise<AppendFile> {
    if (this.#file !== undefined) return this.#file;
    const { files, path } = this.#options;
    await files.makeDirectory(dirname(path), { mode: 0o755 });
    this.#file = await files.append(path, { mode: 0o640 });
    this.#size = Number((await files.stat(path)).sizeBytes);
    if (this.#droppedBytes > 0)
      this.#options.log.warn({ path, droppedBytes: this.#droppedBytes }, 'log lines not written to disk');
    this.#droppedBytes = 0;
    return this.#file;
  }

  async #rotate(): Promise<void> {
    await this.#close();
    await this.#old.putAway();
  }

  async #giveUpForNow(count: number, e: unknown): Promise<void> {
    if (this.#droppedBytes === 0)
      this.#options.log.warn({ path: this.#options.path, err: messageOf(e) }, 'log cannot be written to disk');
    this.#droppedBytes += count;
    this.#notBeforeMs = this.#options.clock.monotonicMs() + RETRY_MS;
    await this.#close().catch(() => undefined);
  }
}
