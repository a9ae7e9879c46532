import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';
import { Fault } from '@minos/base';
import { centralHeader, endOfArchive, localHeader, type ZipEntry } from './zip-records.ts';

interface Spooled extends ZipEntry {
  readonly file: string;
}

/** What was taken into an archive from one source. */
export interface TakenEntry {
  readonly bytes: number;
  /** What the source ended with before its end; what had come until then is in the archive. */
  readonly failure: unknown;
}

/**
 * Makes a zip archive (PKWARE APPNOTE 6.3, with ZIP64 where needed). Entries come in any order and at the same time, each
 * compressed into a file of its own, so that memory does not grow; `finish` puts them together by their names. The same
 * entries give the same bytes: all bear the date 1980-01-01. Releasing it removes what is beside the archive.
 */
export class ZipWriter implements AsyncDisposable {
  readonly #directory: string;
  readonly #entries = new Map<string, Spooled>();
  #taken = 0;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Makes one whose files lie in a new folder below `parent`. */
  static async make(parent: string): Promise<ZipWriter> {
    return new ZipWriter(await mkdtemp(join(parent, '.minosctl-zip-')));
  }

  /** Takes an entry; one whose source fails before its first byte is left out. Throws `exists` for a name that is taken. */
  async add(name: string, source: AsyncIterable<Uint8Array>): Promise<TakenEntry> {
    if (this.#entries.has(name)) throw new Fault('exists', `the archive has ${name} already`);
    const file = join(this.#directory, String(this.#taken++));
    const counted = { crc: 0, size: 0 };
    let failure: unknown;
    const entry: Spooled = { name, file, crc: 0, size: 0, packedSize: 0 };
    this.#entries.set(name, entry);
    const until = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for await (const bytes of source) {
          counted.crc = crc32(bytes, counted.crc);
          counted.size += bytes.length;
          yield bytes;
        }
      } catch (e) {
        failure = e;
      }
    };
    const target = createWriteStream(file, { mode: 0o600 });
    await pipeline(Readable.from(until(), { objectMode: false }), createDeflateRaw({ level: 6 }), target);
    if (failure !== undefined && counted.size === 0) this.#entries.delete(name);
    else this.#entries.set(name, { ...entry, ...counted, packedSize: target.bytesWritten });
    return { bytes: counted.size, failure };
  }

  /** Writes the archive to a new file, for its owner only; throws EEXIST when it is there. */
  async finish(path: string): Promise<void> {
    const entries = [...this.#entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    await using target = await open(path, 'wx', 0o600);
    let at = 0;
    const write = async (bytes: Uint8Array): Promise<void> => {
      await target.write(bytes);
      at += bytes.length;
    };
    const headers: Buffer[] = [];
    for (const entry of entries) {
      headers.push(centralHeader(entry, at));
      await write(localHeader(entry));
      for await (const bytes of createReadStream(entry.file)) await write(bytes);
    }
    const directoryAt = at;
    for (const header of headers) await write(header);
    await write(endOfArchive({ count: entries.length, directoryAt, directoryBytes: at - directoryAt }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}
