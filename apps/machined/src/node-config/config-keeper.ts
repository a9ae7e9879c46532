import { Fault, hasCode, messageOf, type Problem } from '@minos/base';
import { type MachineConfig, parseMachineConfig } from '@minos/config';
import type { Files } from '@minos/host';
import { Notice } from '../event/notice.ts';
import type { Paths } from '../runtime/paths.ts';

/** What reading the configuration from STATE gave. */
export type LoadedConfig =
  | { readonly kind: 'loaded'; readonly config: MachineConfig }
  | { readonly kind: 'missing' }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

/** The machine configuration: in force, and on STATE. */
export class ConfigKeeper {
  readonly #files: Files;
  readonly #paths: Paths;
  readonly #accepted = new Notice();
  #current: MachineConfig | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(files: Files, paths: Paths) {
    this.#files = files;
    this.#paths = paths;
  }

  /** What is in force. */
  get current(): MachineConfig | undefined {
    return this.#current;
  }

  /** Reads STATE. A configuration that was staged becomes the one that is read, at a boot. */
  async load(options: { readonly takeStaged: boolean }): Promise<LoadedConfig> {
    if (options.takeStaged) await this.#takeStaged();
    let text: string;
    try {
      text = await this.#files.readText(this.#paths.configFile);
    } catch (e) {
      if (hasCode(e, 'ENOENT')) return { kind: 'missing' };
      throw new Fault('unavailable', 'the configuration on STATE cannot be read', {}, { cause: e });
    }
    const parsed = parseMachineConfig(text);
    if (!parsed.ok) return { kind: 'wrong', problems: parsed.problems };
    this.#current = parsed.value;
    return { kind: 'loaded', config: parsed.value };
  }

  /** Writes a configuration to STATE, byte for byte, and puts it in force. */
  async accept(config: MachineConfig): Promise<void> {
    await this.#write(this.#paths.configFile, config);
    await this.#files.remove(this.#paths.stagedConfigFile).catch(ignoreMissing);
    this.#current = config;
    this.#accepted.wake();
  }

  /** Resolves when there is a configuration in force. */
  async untilAccepted(signal: AbortSignal): Promise<void> {
    while (this.#current === undefined && !signal.aborted) await this.#accepted.wait(signal);
    signal.throwIfAborted();
  }

  /** Writes a configuration for the next boot; what is in force stays. */
  async stage(config: MachineConfig): Promise<void> {
    await this.#write(this.#paths.stagedConfigFile, config);
  }

  /** Runs one change at a time. */
  inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(change, change);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #write(path: string, config: MachineConfig): Promise<void> {
    try {
      await this.#files.write(path, config.text, { mode: 0o600, atomic: true });
    } catch (e) {
      throw new Fault(
        'unavailable',
        `the configuration cannot be written to STATE, nothing was changed: ${messageOf(e)}`,
        {},
        { cause: e },
      );
    }
  }

  async #takeStaged(): Promise<void> {
    await this.#files.rename(this.#paths.stagedConfigFile, this.#paths.configFile).catch(ignoreMissing);
  }
}

function ignoreMissing(e: unknown): void {
  if (!hasCode(e, 'ENOENT')) throw e;
}
