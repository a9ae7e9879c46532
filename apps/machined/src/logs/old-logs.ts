import { Readable } from 'node:stream';
import { constants, createZstdCompress } from 'node:zlib';
import { type Clock, hasCode, type Logger, messageOf } from '@minos/base';
import type { Files } from '@minos/host';

/** Which log this is about. */
export interface OldLogsOptions {
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Logger;
  readonly path: string;
}

const KEPT = 4;
const REST_MS = 2000;
/** Few and large: each costs the main thread a turn. */
const CHUNK_BYTES = 1024 * 1024;
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: CHUNK_BYTES / 4 };

/**
 * What a log had before it was begun anew: `<path>.1.zst` to `<path>.4.zst`, the newest first. A file is compressed beside
 * the writing, which never waits, and not at once: one that fills up again meanwhile takes its place as `<path>.1`.
 */
export class OldLogs {
  readonly #options: OldLogsOptions;
  #packing: Promise<void> = Promise.resolve();
  #isPacking = false;
  readonly #hurry = new AbortController();

  constructor(options: OldLogsOptions) {
    this.#options = options;
  }

  /** Takes the log's file away from its path. */
  async putAway(): Promise<void> {
    const { files, path } = this.#options;
    await files.rename(path, `${path}.1`);
    if (this.#isPacking) return;
    this.#isPacking = true;
    this.#packing = this.#packAll();
  }

  /** Compresses what waits at once; resolves when nothing is compressed any more. */
  settled(): Promise<void> {
    this.#hurry.abort();
    return this.#packing;
  }

  async #packAll(): Promise<void> {
    const { clock, log, path } = this.#options;
    try {
      await clock.sleep(REST_MS, this.#hurry.signal).catch(() => undefined);
      while (await this.#packOne());
    } catch (e) {
      log.warn({ path, err: messageOf(e) }, 'old log is kept as it is, not compressed');
    } finally {
      this.#isPacking = false;
    }
  }

  /** False when there was nothing to compress. */
  async #packOne(): Promise<boolean> {
    const { files, path } = this.#options;
    const part = `${path}.part`;
    await orMissing(files.remove(part));
    const taken = `${path}.0`;
    if (!(await orMissing(files.rename(`${path}.1`, taken)))) return false;
    const source = Readable.from(files.stream(taken, new AbortController().signal, { chunkBytes: CHUNK_BYTES }), {
      objectMode: false,
    });
    const packer = createZstdCompress(FAST);
    source.on('error', (e) => packer.destroy(e));
    {
      await using target = await files.append(part, { mode: 0o640 });
      for await (const bytes of source.pipe(packer)) await target.write(bytes);
    }
    for (let age = KEPT - 1; age >= 1; age--) await orMissing(files.rename(`${path}.${age}.zst`, `${path}.${age + 1}.zst`));
    await files.rename(part, `${path}.1.zst`);
    await files.remove(taken);
    return true;
  }
}

/** False when there was no such file. */
async function orMissing(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return false;
    throw e;
  }
}
