import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '@minos/base';

/** What an interrupted write left: which nodes are done, and which were asked and may be. */
export interface JournalRecord {
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  /** The command, for people who look at the file. */
  readonly command: string;
  readonly done: readonly string[];
  /** What was seen of a node right before it was asked, such as the id of its boot. */
  readonly asked: Readonly<Record<string, string>>;
}

/** An interrupted write is taken up within a day; after that the cluster may be another. */
const LIFE_MS = 24 * 3_600_000;

/** The journal of one command in the folder of the client configuration; a file of a few lines that goes when all is done. */
export class Journal {
  readonly #path: string;
  readonly #dir: string;
  #record: JournalRecord;
  #writing: Promise<void> = Promise.resolve();

  private constructor(dir: string, path: string, record: JournalRecord) {
    this.#dir = dir;
    this.#path = path;
    this.#record = record;
  }

  /** Opens the journal of a command: what an earlier run of the very same left is in it, unless it is too old. */
  static async open(dir: string, command: { readonly text: string; readonly identity: string }, nowMs: number): Promise<Journal> {
    const name = createHash('sha256').update(`${command.text}\0${command.identity}`).digest('hex').slice(0, 16);
    const path = join(dir, `${name}.json`);
    const found = await readRecord(path);
    const fresh = { startedMs: nowMs, command: command.text, done: [], asked: {} };
    const isUsable = found !== undefined && nowMs - found.startedMs < LIFE_MS && found.startedMs <= nowMs;
    return new Journal(dir, path, isUsable ? found : fresh);
  }

  get record(): JournalRecord {
    return this.#record;
  }

  /** A node is about to be asked. */
  asking(node: string, mark: string): Promise<void> {
    return this.#write({ ...this.#record, asked: { ...this.#record.asked, [node]: mark } });
  }

  /** A node has done it. */
  done(node: string): Promise<void> {
    const { [node]: _mark, ...asked } = this.#record.asked;
    return this.#write({ ...this.#record, asked, done: [...this.#record.done, node] });
  }

  /** Begins anew. */
  async clear(nowMs: number): Promise<void> {
    this.#record = { ...this.#record, startedMs: nowMs, done: [], asked: {} };
    await this.remove();
  }

  /** Takes the file away: there is nothing left to go on with. */
  async remove(): Promise<void> {
    await this.#writing;
    await rm(this.#path, { force: true });
    // The folder goes with its last journal; another one keeps it.
    await rmdir(this.#dir).catch(() => undefined);
  }

  // One after another: nodes finish at any moment.
  #write(record: JournalRecord): Promise<void> {
    this.#record = record;
    this.#writing = this.#writing.then(async () => {
      await mkdir(this.#dir, { recursive: true, mode: 0o700 });
      const next = `${this.#path}.next`;
      await writeFile(next, `${JSON.stringify(this.#record, null, 4)}\n`, { mode: 0o600 });
      await rename(next, this.#path);
    });
    return this.#writing;
  }
}

async function readRecord(path: string): Promise<JournalRecord | undefined> {
  try {
    return parseRecord(JSON.parse(await readFile(path, 'utf8')));
  } catch (e) {
    // A file that is no journal any more is as good as none: the command starts over, and shows that it does.
    if (hasCode(e, 'ENOENT') || e instanceof SyntaxError) return undefined;
    throw e;
  }
}

function parseRecord(value: unknown): JournalRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { startedMs, command, done, asked } = { startedMs: 0, command: '', done: [], asked: {}, ...value };
  const isText = (one: unknown): one is string => typeof one === 'string';
  if (typeof startedMs !== 'number' || !isText(command) || !Array.isArray(done) || !done.every(isText)) return undefined;
  if (typeof asked !== 'object' || asked === null) return undefined;
  const marks = Object.entries(asked).filter((entry): entry is [string, string] => isText(entry[1]));
  return { startedMs, command, done, asked: Object.fromEntries(marks) };
}
