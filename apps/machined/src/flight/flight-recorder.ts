import { BootRecord } from '@minos/api/minos';
import { type Clock, hasCode, type Logger, messageOf } from '@minos/base';
import type { AppendFile, Files } from '@minos/host';
import { timestamp } from '../rpc/timestamp.ts';
import { decodeRecords, encodeRecord } from './record-file.ts';

/** Where the recorder keeps its files, and what it records from. */
export interface FlightRecorderOptions {
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Logger;
  /** One file for each boot. */
  readonly bootDirectory: string;
  /** Where the logs of services are. */
  readonly logDirectory: string;
}

/** What a boot is known by. */
export interface BootFacts {
  readonly nonce: string;
  readonly tag: string;
}

/** What happened in one boot; 0 is this one, -1 the one before. */
export interface RecordedBoot {
  readonly boot: number;
  readonly records: readonly BootRecord[];
}

type What = NonNullable<BootRecord['what']>;

const BOOTS = 10;
const FILE = /^boot-(\d{8})\.rec$/;
const BOOT_LIMIT = 1024 * 1024;
const WAITING_LIMIT = 1000;
const TAIL_BYTES = 64 * 1024;

/**
 * Records what happens in each boot, in a file of its own that is only appended to; the last ten are kept. A record that was
 * being written when the power was lost is gone, all before it stay. What cannot be written is left out: no caller waits or fails.
 */
export class FlightRecorder implements AsyncDisposable {
  readonly #options: FlightRecorderOptions;
  #file: AppendFile | undefined;
  #waiting: Buffer[] = [];
  #bytes = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: FlightRecorderOptions) {
    this.#options = options;
  }

  /** Goes on with this boot, or begins it: then the logs of the one before are kept with it, and the oldest is forgotten. */
  open(facts: BootFacts): Promise<void> {
    return this.#inTurn(async () => {
      const { files, bootDirectory } = this.#options;
      await files.makeDirectory(bootDirectory, { mode: 0o700 });
      const names = await this.#names();
      const last = names.at(-1);
      const lastRecords = last === undefined ? [] : await this.#repair(last);
      const [first] = lastRecords;
      const isThisBoot = first?.what?.$case === 'begin' && first.what.value.nonce === facts.nonce;
      if (last !== undefined && !isThisBoot) await this.#keepLogs(last, lastRecords);
      const number = Number(FILE.exec(last ?? '')?.[1] ?? 0) + (isThisBoot ? 0 : 1);
      const path = `${bootDirectory}/boot-${String(number).padStart(8, '0')}.rec`;
      for (const old of isThisBoot ? [] : names.slice(0, Math.max(0, names.length + 1 - BOOTS)))
        await files.remove(`${bootDirectory}/${old}`);
      const logSizes = new Map([...(await this.#logSizes())].map(([id, size]) => [id, BigInt(size)]));
      this.#file = await files.append(path, { mode: 0o600 });
      this.#bytes = Number((await files.stat(path)).sizeBytes);
      const what: What = isThisBoot
        ? { $case: 'resumed', value: true }
        : { $case: 'begin', value: { ...facts, logSizes: Object.fromEntries(logSizes) } };
      await this.#append(this.#encode(what));
      for (const bytes of this.#waiting.splice(0)) await this.#append(bytes);
    });
  }

  /** Records something at this moment; before `open` it is held. */
  record(what: What): void {
    const bytes = this.#encode(what);
    if (this.#file === undefined) {
      if (this.#waiting.length < WAITING_LIMIT) this.#waiting.push(bytes);
      return;
    }
    if (this.#bytes + bytes.length > BOOT_LIMIT) return;
    this.#bytes += bytes.length;
    void this.#inTurn(() => this.#append(bytes));
  }

  /** Records why the boot ends; resolves when that is written, or was given up. */
  async end(reason: string): Promise<void> {
    await this.#inTurn(() => this.#append(this.#encode({ $case: 'end', value: reason })));
  }

  /** The boots that are kept, this one first. */
  async boots(): Promise<readonly RecordedBoot[]> {
    await this.#turn;
    const names = (await this.#names()).toReversed();
    return Promise.all(names.map(async (name, i) => ({ boot: i === 0 ? 0 : -i, records: (await this.#read(name)).records })));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turn;
    await this.#file?.[Symbol.asyncDispose]();
    this.#file = undefined;
  }

  #encode(what: What): Buffer {
    const at = timestamp(this.#options.clock.now());
    return encodeRecord(BootRecord.encode({ at, what }).finish());
  }

  async #append(bytes: Buffer): Promise<void> {
    await this.#file?.write(bytes);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work).catch((e: unknown) => {
      this.#options.log.warn({ err: messageOf(e) }, 'what happens cannot be recorded');
    });
    return this.#turn;
  }

  async #names(): Promise<readonly string[]> {
    const names = await this.#options.files.list(this.#options.bootDirectory).catch((e: unknown) => {
      if (hasCode(e, 'ENOENT')) return [];
      throw e;
    });
    return names.filter((name) => FILE.test(name)).toSorted();
  }

  async #read(
    name: string,
  ): Promise<{ readonly records: readonly BootRecord[]; readonly bytes: Buffer; readonly validBytes: number }> {
    const bytes = await this.#options.files.read(`${this.#options.bootDirectory}/${name}`);
    const { payloads, validBytes } = decodeRecords(bytes);
    return { records: payloads.map((payload) => BootRecord.decode(payload)), bytes, validBytes };
  }

  /** Takes away what stands behind the last whole record, so that more can be appended. */
  async #repair(name: string): Promise<readonly BootRecord[]> {
    const { records, bytes, validBytes } = await this.#read(name);
    const path = `${this.#options.bootDirectory}/${name}`;
    if (validBytes < bytes.length)
      await this.#options.files.write(path, bytes.subarray(0, validBytes), { mode: 0o600, atomic: true });
    return records;
  }

  /** The logs still stand where the boot before left them; what they held before it is not its own. */
  async #keepLogs(name: string, records: readonly BootRecord[]): Promise<void> {
    if (records.some(({ what }) => what?.$case === 'log')) return;
    const { files, bootDirectory, logDirectory } = this.#options;
    const begin = records[0]?.what;
    const sizes = begin?.$case === 'begin' ? begin.value.logSizes : {};
    await using file = await files.append(`${bootDirectory}/${name}`, { mode: 0o600 });
    for (const [service, size] of await this.#logSizes()) {
      const started = Number(sizes[service] ?? 0n);
      // A log that is shorter than it was has begun anew.
      const from = Math.max(size < started ? 0 : started, size - TAIL_BYTES);
      const parts: Buffer[] = [];
      const signal = new AbortController().signal;
      for await (const part of files.stream(`${logDirectory}/${service}.log`, signal, { from })) parts.push(part);
      await file.write(this.#encode({ $case: 'log', value: { service, bytes: Buffer.concat(parts).subarray(0, TAIL_BYTES) } }));
    }
  }

  async #logSizes(): Promise<ReadonlyMap<string, number>> {
    const { files, logDirectory } = this.#options;
    const names = (await files.list(logDirectory).catch(() => [])).filter((name) => name.endsWith('.log'));
    const sizes = names.map(async (name) => {
      const { sizeBytes } = await files.stat(`${logDirectory}/${name}`);
      return [name.slice(0, -'.log'.length), Number(sizeBytes)] as const;
    });
    return new Map(await Promise.all(sizes));
  }
}
