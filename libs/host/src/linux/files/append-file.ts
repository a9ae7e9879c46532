import type { FileHandle } from 'node:fs/promises';
import type { AppendFile } from '../../port/files.ts';

/** A file that is appended to, one write after the other in the order of the calls. Owns the handle. */
export class LinuxAppendFile implements AppendFile {
  readonly #handle: FileHandle;
  #last: Promise<void> = Promise.resolve();

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  write(bytes: Uint8Array): Promise<void> {
    const written = this.#last.then(() => this.#writeAll(bytes));
    this.#last = written.catch(() => undefined);
    return written;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#handle.close();
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; ) from += (await this.#handle.write(bytes, from)).bytesWritten;
  }
}
