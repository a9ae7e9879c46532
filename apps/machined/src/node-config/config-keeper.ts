import { randomUUID } from 'node:crypto';
import { type Clock, Fault, hasCode, messageOf, type Problem } from '@minos/base';
import type { MachineConfig } from '@minos/config';
import type { Files } from '@minos/host';
import { Notice } from '../event/notice.ts';
import { ConfigReader } from './config-reader.ts';
import {
  type ConfigRecord,
  configDigest,
  configPhase,
  eventOfStart,
  formatConfigRecord,
  parseConfigRecord,
  remainingMs,
} from './config-record.ts';
import { CONFIG_STEPS, type ConfigEvent, type ConfigPhase, type ConfigStep } from './config-table.ts';

/** What reading the configuration from STATE gave. */
export type LoadedConfig =
  | { readonly kind: 'loaded'; readonly config: MachineConfig }
  | { readonly kind: 'missing' }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

/** A configuration that is in force until it is confirmed. */
export interface ConfigTrial {
  readonly id: string;
  readonly digest: string;
  readonly timeoutMs: number;
  /** Monotonic time at which the node had come to follow it; undefined before. */
  readonly begunMs: number | undefined;
  /** Monotonic time at which the node goes back. */
  readonly endsMs: number;
}

/** What a change brings: the configuration, and for a trial how long it may last. */
export interface ConfigChange {
  readonly config: MachineConfig;
  readonly timeoutMs?: number;
}

/** What the keeper works with. */
export interface ConfigKeeperOptions {
  readonly files: Files;
  readonly clock: Clock;
  readonly configFile: string;
  readonly recordFile: string;
  /** Differs between boots. */
  readonly boot: string;
}

/** The machine configuration: in force, and on STATE. What is in force is always one whole configuration. */
export class ConfigKeeper {
  readonly #options: ConfigKeeperOptions;
  readonly #changed = new Notice();
  #isLoaded = false;
  #current: MachineConfig | undefined;
  #published: MachineConfig | undefined;
  #kept: string | undefined;
  #record: ConfigRecord | undefined;
  #trial: ConfigTrial | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** Reads every configuration of the machine. */
  readonly reader = new ConfigReader();

  constructor(options: ConfigKeeperOptions) {
    this.#options = options;
  }

  /** Throws `unavailable` until STATE was read: machined has just started, and does not know yet how the node stands. */
  checkLoaded(): void {
    if (!this.#isLoaded) throw new Fault('unavailable', 'the configuration is not read yet; ask again in a moment');
  }

  /** What is in force. */
  get current(): MachineConfig | undefined {
    return this.#current;
  }

  /** The configuration that the node goes back to. */
  get keptConfig(): MachineConfig | undefined {
    return this.#parse(this.#kept);
  }

  /** What is kept on STATE: where the node goes back to from a trial. */
  get kept(): string | undefined {
    return this.#kept;
  }

  get phase(): ConfigPhase {
    return configPhase(this.#kept, this.#record);
  }

  /** The trial that is in force. */
  get trial(): ConfigTrial | undefined {
    return this.phase === 'trial' ? this.#trial : undefined;
  }

  /** The configuration that the node was last told to follow. */
  get published(): MachineConfig | undefined {
    return this.#published;
  }

  /** The node follows it from now on. */
  markPublished(config: MachineConfig): void {
    this.#published = config;
  }

  /** From now on connections may prove that the node is reached under the trial. */
  beginTrial(id: string): void {
    if (this.#trial?.id === id) this.#trial = { ...this.#trial, begunMs: this.#options.clock.monotonicMs() };
  }

  /** Reads STATE, and does what a start of machined, a boot, or the end of a trial asks for. */
  async load(): Promise<LoadedConfig> {
    const { boot, clock } = this.#options;
    this.#kept = await this.#read(this.#options.configFile);
    this.#record = parseConfigRecord((await this.#read(this.#options.recordFile)) ?? '');
    // Recorded for another kept configuration, or by a version that knew more.
    const isOfUse = this.phase === this.#record?.kind && this.#parse(this.#record.text) !== undefined;
    if (this.#record !== undefined && !isOfUse) await this.#step('drop', undefined);
    await this.#run(eventOfStart(this.#record, { boot, nowMs: clock.now() }));
    this.#isLoaded = true;
    this.#changed.wake();
    if (this.#current !== undefined) return { kind: 'loaded', config: this.#current };
    if (this.#kept === undefined) return { kind: 'missing' };
    const parsed = this.reader.read(this.#kept);
    return parsed.ok ? { kind: 'loaded', config: parsed.value } : { kind: 'wrong', problems: parsed.problems };
  }

  /** Does what the table says; throws `precondition` where it says that the event is refused, and then nothing was changed. */
  async change(event: ConfigEvent, change?: ConfigChange): Promise<void> {
    await this.#run(event, change);
    this.#changed.wake();
  }

  /** Keeps a configuration and puts it in force. */
  accept(config: MachineConfig): Promise<void> {
    return this.change('keep', { config });
  }

  /** Resolves when there is a configuration in force. */
  async untilAccepted(signal: AbortSignal): Promise<void> {
    while (this.#current === undefined && !signal.aborted) await this.untilChanged(signal);
    signal.throwIfAborted();
  }

  /** Resolves at the next change, or when aborted. */
  untilChanged(signal: AbortSignal): Promise<void> {
    return this.#changed.wait(signal);
  }

  /** Runs one change at a time. */
  inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(change, change);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #run(event: ConfigEvent, change?: ConfigChange): Promise<void> {
    const steps = CONFIG_STEPS[this.phase][event];
    if (steps === null) throw new Fault('precondition', REFUSED[event] ?? 'this cannot be done now');
    for (const step of steps) await this.#step(step, change, event);
  }

  /** Each step on STATE is one write or removal; what is in force changes only after what is durable. */
  async #step(step: ConfigStep, change: ConfigChange | undefined, event?: ConfigEvent): Promise<void> {
    const record = this.#record;
    switch (step) {
      case 'keep':
        return this.#keep(needed(change).config.text);
      case 'promote':
        return this.#keep(needed(record).text);
      case 'record':
        return this.#write(this.#newRecord(needed(change), event));
      case 'begin':
        return this.#write({ ...needed(record), kind: 'trial', sinceMs: this.#options.clock.now(), ...this.#thisBoot() });
      case 'count':
        return this.#write({ ...needed(record), starts: needed(record).starts + 1 });
      case 'drop':
        // Written, not removed: that is durable when it returns.
        await this.#save(this.#options.recordFile, '');
        this.#record = undefined;
        return;
      case 'use-kept':
        this.#trial = undefined;
        this.#current = this.#parse(this.#kept);
        return;
      case 'use-recorded':
        this.#useRecorded(needed(record));
        return;
    }
  }

  #newRecord({ config, timeoutMs = 0 }: ConfigChange, event: ConfigEvent | undefined): ConfigRecord {
    const kind = event === 'try' ? 'trial' : event === 'stage-trial' ? 'staged-trial' : 'staged';
    const id = randomUUID();
    const base = configDigest(this.#kept);
    return { kind, id, base, text: config.text, sinceMs: this.#options.clock.now(), timeoutMs, ...this.#thisBoot() };
  }

  #thisBoot(): Pick<ConfigRecord, 'boot' | 'starts'> {
    return { boot: this.#options.boot, starts: 0 };
  }

  #useRecorded(record: ConfigRecord): void {
    const { clock } = this.#options;
    const { id, text, timeoutMs } = record;
    const endsMs = clock.monotonicMs() + remainingMs(record, clock.now());
    this.#trial = { id, digest: configDigest(text), timeoutMs, begunMs: undefined, endsMs };
    this.#current = this.#parse(text);
  }

  async #keep(text: string): Promise<void> {
    await this.#save(this.#options.configFile, text);
    this.#kept = text;
  }

  async #write(record: ConfigRecord): Promise<void> {
    await this.#save(this.#options.recordFile, formatConfigRecord(record));
    this.#record = record;
  }

  async #save(path: string, text: string): Promise<void> {
    try {
      await this.#options.files.write(path, text, { mode: 0o600, atomic: true });
    } catch (e) {
      const why = messageOf(e);
      throw new Fault(
        'unavailable',
        `the configuration cannot be written to STATE, nothing was changed: ${why}`,
        {},
        { cause: e },
      );
    }
  }

  /** What is on STATE was checked when it was taken; one that this version does not understand is not in force. */
  #parse(text: string | undefined): MachineConfig | undefined {
    if (text === undefined) return undefined;
    const parsed = this.reader.read(text);
    return parsed.ok ? parsed.value : undefined;
  }

  async #read(path: string): Promise<string | undefined> {
    try {
      return await this.#options.files.readText(path);
    } catch (e) {
      if (hasCode(e, 'ENOENT')) return undefined;
      throw new Fault('unavailable', 'the configuration on STATE cannot be read', {}, { cause: e });
    }
  }
}

const REFUSED: Readonly<Partial<Record<ConfigEvent, string>>> = {
  try: 'a machine without a configuration has nothing to go back to; apply it with mode auto',
  'stage-trial': 'a configuration is on trial, or there is none to go back to; confirm or revert it first',
  stage: 'a configuration is on trial; confirm or revert it first',
  confirm: 'no configuration waits for a confirmation',
  revert: 'there is nothing to go back from',
};

function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new Fault('internal', 'a step of a change of configuration lacks what it works on');
  return value;
}
