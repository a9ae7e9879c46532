import type { PowerAction } from './supervisor.ts';

/** One file system to mount. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly fsType: string;
  readonly options: readonly string[];
}

/** Calls on the whole machine. */
export interface System {
  hostname(): Promise<string>;
  setHostname(name: string): Promise<void>;
  /** Mounts; a Fault `exists` when the target is a mount point already. */
  mount(mount: Mount): Promise<void>;
  unmount(target: string): Promise<void>;
  /** Random bytes from the kernel, or from a seed in a simulation. */
  randomBytes(count: number): Buffer;
  /** Gives memory that is not used any more back to the kernel (malloc_trim); best effort. */
  trimMemory(): void;
  /** Clock ticks a second and page size in bytes, as /proc counts. */
  readonly ticksPerSecond: number;
  readonly pageSizeBytes: number;
}

export type { PowerAction };
