import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { Fault } from '@minos/base';

/** A program that is talked to in lines: one to it, one answer from it. Disposing it ends it. */
export class LineChild implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  constructor(file: string, args: readonly string[]) {
    this.#child = spawn(file, [...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.#child.stdout === null) throw new Fault('internal', `${file} has no output`);
    this.#reader = createInterface({ input: this.#child.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The next line that it prints; throws when it ends instead. */
  async line(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done === true) throw new Fault('internal', `${this.#child.spawnargs.join(' ')} has ended`);
    return next.value;
  }

  /** Sends a line and waits for the answer. */
  async ask(text: string): Promise<string> {
    this.#child.stdin?.write(`${text}\n`);
    return this.line();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#reader.close();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await closed;
  }
}
