import type { Parsed } from '@minos/base';
import { type MachineConfig, parseMachineConfig } from '@minos/config';

/** Reads configurations. A boot reads the text that it found several times, each a fifth of a second on a slow machine: the last good one is kept. */
export class ConfigReader {
  #last: MachineConfig | undefined;

  /** As `parseMachineConfig`. */
  read(text: string): Parsed<MachineConfig> {
    if (this.#last?.text === text) return { ok: true, value: this.#last };
    const parsed = parseMachineConfig(text);
    if (parsed.ok) this.#last = parsed.value;
    return parsed;
  }
}
