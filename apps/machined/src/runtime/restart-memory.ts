import { dirname } from 'node:path';
import { type Logger, messageOf } from '@minos/base';
import type { Files } from '@minos/host';
import { type GoingDown, parseGoingDown } from '../power/power-request.ts';

/** What machined must know after it was killed; it lives until the next boot. */
export interface Remembered {
  /** The boot sequence was done. */
  readonly isBooted: boolean;
  /** Services that a client stopped. */
  readonly stopped: readonly string[];
  /** Differs between boots. */
  readonly bootNonce: string;
  /** The machine was going down. */
  readonly goingDown: GoingDown | undefined;
  /** How many processes of each service the kernel had killed for want of memory, as far as that was told. */
  readonly oomKills: Readonly<Record<string, number>>;
  /** What was made of parameters of the kernel, by id. */
  readonly params: Readonly<Record<string, RememberedParam>>;
}

/** A parameter of the kernel that was set. */
export interface RememberedParam {
  /** What it was before anybody here set it. */
  readonly initial: string;
  /** What was written last; undefined when nothing was. */
  readonly written: string | undefined;
  /** How the kernel shows what was written. */
  readonly shown: string;
}

const NOTHING: Remembered = { isBooted: false, stopped: [], bootNonce: '', goingDown: undefined, oomKills: {}, params: {} };

/** Keeps what must survive machined, one write after the other. */
export class RestartMemory {
  readonly #files: Files;
  readonly #path: string;
  readonly #log: Logger;
  #value: Remembered = NOTHING;
  #writing: Promise<void> = Promise.resolve();

  constructor(files: Files, path: string, log: Logger) {
    this.#files = files;
    this.#path = path;
    this.#log = log;
  }

  get value(): Remembered {
    return this.#value;
  }

  /** Reads what an earlier run of machined left; nothing but a new nonce when there is none, or it cannot be read. */
  async load(makeNonce: () => string): Promise<Remembered> {
    try {
      this.#value = parseRemembered(JSON.parse(await this.#files.readText(this.#path)));
    } catch {
      this.#value = NOTHING;
    }
    if (this.#value.bootNonce === '') await this.#begin(makeNonce());
    return this.#value;
  }

  async #begin(bootNonce: string): Promise<void> {
    await this.#files.makeDirectory(dirname(this.#path), { mode: 0o700 });
    await this.update({ bootNonce });
  }

  /** Changes what is remembered; resolves when it is written, or was logged as impossible to write. */
  update(change: Partial<Remembered>): Promise<void> {
    this.#value = { ...this.#value, ...change };
    const text = JSON.stringify(this.#value);
    this.#writing = this.#writing
      .then(() => this.#files.write(this.#path, text, { mode: 0o600, atomic: true }))
      .catch((e: unknown) => this.#log.warn({ err: messageOf(e) }, 'restart memory cannot be written'));
    return this.#writing;
  }
}

function parseRemembered(raw: unknown): Remembered {
  if (typeof raw !== 'object' || raw === null) return NOTHING;
  const goingDown = 'goingDown' in raw ? parseGoingDown(raw.goingDown) : undefined;
  const stopped = 'stopped' in raw && Array.isArray(raw.stopped) ? raw.stopped.filter((id) => typeof id === 'string') : [];
  const bootNonce = 'bootNonce' in raw && typeof raw.bootNonce === 'string' ? raw.bootNonce : '';
  return {
    isBooted: 'isBooted' in raw && raw.isBooted === true,
    stopped,
    bootNonce,
    goingDown,
    oomKills: 'oomKills' in raw ? parseCounts(raw.oomKills) : {},
    params: 'params' in raw ? parseParams(raw.params) : {},
  };
}

function parseCounts(raw: unknown): Readonly<Record<string, number>> {
  if (typeof raw !== 'object' || raw === null) return {};
  return Object.fromEntries(Object.entries(raw).filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

function parseParams(raw: unknown): Readonly<Record<string, RememberedParam>> {
  if (typeof raw !== 'object' || raw === null) return {};
  return Object.fromEntries(
    Object.entries(raw).flatMap(([id, param]: [string, unknown]) => {
      if (typeof param !== 'object' || param === null || !('initial' in param) || typeof param.initial !== 'string') return [];
      const written = 'written' in param && typeof param.written === 'string' ? param.written : undefined;
      const shown = 'shown' in param && typeof param.shown === 'string' ? param.shown : '';
      return [[id, { initial: param.initial, written, shown }]];
    }),
  );
}
