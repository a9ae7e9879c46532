import { Fault } from '@minos/base';
import type { Mount, System } from '../../port/system.ts';
import type { SeededBytes } from '../seeded-bytes.ts';
import type { MountTable } from './mount-table.ts';

const MAX_HOSTNAME_BYTES = 64;

/** Calls on a simulated machine. */
export class SimulatedSystem implements System {
  readonly ticksPerSecond = 100;
  readonly pageSizeBytes = 4096;
  readonly #mounts: MountTable;
  readonly #random: SeededBytes;
  #hostname: string;
  #trims = 0;

  constructor(parts: { readonly hostname: string; readonly mounts: MountTable; readonly random: SeededBytes }) {
    this.#hostname = parts.hostname;
    this.#mounts = parts.mounts;
    this.#random = parts.random;
  }

  /** The same as `hostname`, at once. */
  get hostnameNow(): string {
    return this.#hostname;
  }

  /** How often memory was given back. */
  get trims(): number {
    return this.#trims;
  }

  async hostname(): Promise<string> {
    return this.#hostname;
  }

  async setHostname(name: string): Promise<void> {
    if (Buffer.byteLength(name) > MAX_HOSTNAME_BYTES)
      throw new Fault('invalid', 'the hostname cannot be set: it is too long', { name });
    this.#hostname = name;
  }

  async mount(mount: Mount): Promise<void> {
    this.#mounts.mount(mount);
  }

  async unmount(target: string): Promise<void> {
    this.#mounts.unmount(target);
  }

  randomBytes(count: number): Buffer {
    return this.#random.take(count);
  }

  trimMemory(): void {
    this.#trims += 1;
  }
}
