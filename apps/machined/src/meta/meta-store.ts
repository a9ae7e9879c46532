import { Fault, formatProblems, hasCode, type Logger } from '@minos/base';
import type { Files } from '@minos/host';
import { Notice } from '../event/notice.ts';
import { encodeMeta, keyText, type MetaValues, parseMeta } from './meta-format.ts';

/** What the store needs. */
export interface MetaStoreOptions {
  readonly files: Files;
  readonly path: string;
  readonly log: Logger;
}

/** META: small values by number that survive a reboot and a new configuration, in one file that is always whole. */
export class MetaStore {
  readonly #options: MetaStoreOptions;
  readonly #changed = new Notice();
  #values: MetaValues = new Map();
  #loading: Promise<void> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: MetaStoreOptions) {
    this.#options = options;
  }

  get values(): MetaValues {
    return this.#values;
  }

  /** Reads the file, once; one that is missing is empty, one that is damaged is said so and taken as empty. */
  load(): Promise<void> {
    this.#loading ??= this.#load().catch((e: unknown) => {
      this.#loading = undefined;
      throw e;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    const { files, path, log } = this.#options;
    try {
      const read = parseMeta(await files.read(path));
      if (read.ok) this.#values = read.value;
      else log.error({ path, problems: formatProblems(read.problems) }, 'META is damaged and taken as empty');
    } catch (e) {
      if (!hasCode(e, 'ENOENT')) throw e;
    }
    this.#changed.wake();
  }

  /** Keeps a value; throws `exhausted` when there is no room for it, and then nothing has changed. */
  set(key: number, value: Buffer): Promise<void> {
    return this.#change((values) => values.set(key, value));
  }

  /** Forgets a value; throws `missing` when there is none. */
  delete(key: number): Promise<void> {
    return this.#change((values) => {
      if (!values.delete(key)) throw new Fault('missing', `META has no key ${keyText(key)}`);
    });
  }

  /** Resolves at the next change, or when the signal is aborted. */
  untilChange(signal: AbortSignal): Promise<void> {
    return this.#changed.wait(signal);
  }

  #change(edit: (values: Map<number, Buffer>) => void): Promise<void> {
    const turn = this.#turn.then(async () => {
      const { files, path } = this.#options;
      await this.load();
      const values = new Map(this.#values);
      edit(values);
      await files.write(path, encodeMeta(values), { mode: 0o600, atomic: true });
      this.#values = values;
      this.#changed.wake();
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
