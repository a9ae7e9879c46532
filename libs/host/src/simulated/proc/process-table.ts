/** A process of a simulated machine. */
export interface SimulatedProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly argv: readonly string[];
  readonly uid: number;
  readonly gid: number;
  /** When it started, after boot. */
  readonly startedSinceBootMs: number;
  readonly threads: number;
  readonly residentBytes: number;
  readonly virtualBytes: number;
  /** Share of one CPU that it uses. */
  readonly cpuShare: number;
  readonly cgroup: string;
}

/** What one who starts a process says; the rest has believable values. */
export type NewProcess = Pick<SimulatedProcess, 'argv'> & Partial<Omit<SimulatedProcess, 'argv'>>;

const MIB = 1024 * 1024;

/** The processes of a simulated machine; pids go up and are not used twice. */
export class ProcessTable {
  readonly #processes = new Map<number, SimulatedProcess>();
  readonly #sinceBootMs: () => number;
  #lastPid = 0;

  constructor(sinceBootMs: () => number) {
    this.#sinceBootMs = sinceBootMs;
  }

  add(process: NewProcess): SimulatedProcess {
    const pid = process.pid ?? this.#lastPid + 1;
    this.#lastPid = Math.max(this.#lastPid, pid);
    const added = {
      parentPid: pid === 1 ? 0 : 1,
      uid: 0,
      gid: 0,
      startedSinceBootMs: this.#sinceBootMs(),
      threads: 1,
      residentBytes: 24 * MIB,
      virtualBytes: 96 * MIB,
      cpuShare: 0.01,
      cgroup: '/',
      ...process,
      pid,
    };
    this.#processes.set(pid, added);
    return added;
  }

  remove(pid: number): void {
    this.#processes.delete(pid);
  }

  all(): readonly SimulatedProcess[] {
    return [...this.#processes.values()];
  }
}
