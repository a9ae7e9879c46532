import { type Clock, Fault, isFault } from '@minos/base';
import type { Exit, PowerAction, SpawnSpec, SupervisedProcess, SupervisorEvent } from '../../port/supervisor.ts';
import type { FifoQueue } from '../files/fifo-queue.ts';
import type { FileTree } from '../files/file-tree.ts';
import type { ProcessTable } from '../proc/process-table.ts';
import { type ProgramBehaviour, WELL_BEHAVED } from './program-behaviour.ts';

/** What a simulated init is made from. */
export interface InitParts {
  readonly clock: Clock;
  readonly tree: FileTree;
  readonly processes: ProcessTable;
  /** By id of the service; others are well behaved. */
  readonly programs: ReadonlyMap<string, ProgramBehaviour>;
}

interface Supervised {
  readonly id: string;
  readonly generation: number;
  readonly pid: number;
  readonly startedMs: number;
  readonly unmet: readonly string[];
  readonly behaviour: ProgramBehaviour;
  isReady: boolean;
  exit: Exit | undefined;
  /** Ends what was planned for it. */
  readonly life: AbortController;
}

/** The id rule of the protocol (rootfs/init). */
const ID = /^[a-z0-9-]{1,63}$/;

/** PID 1 of a simulated machine: it keeps processes and their ends while machined comes and goes. */
export class SimulatedInit {
  readonly #parts: InitParts;
  readonly #fifos = new Map<string, FifoQueue>();
  #supervised: Supervised[] = [];
  #listener: ((event: SupervisorEvent) => void) | undefined;
  #lastGeneration = 0;
  #machinedStarts = 0;
  #stopRequested: SupervisorEvent | undefined;
  readonly #powered = Promise.withResolvers<PowerAction>();

  constructor(parts: InitParts) {
    this.#parts = parts;
    parts.processes.add({ argv: ['/sbin/init'], pid: 1, startedSinceBootMs: 0 });
    parts.processes.add({ argv: ['/sbin/machined'], pid: 2, threads: 11 });
  }

  /** Resolves when the machine has been ended, with the way. */
  get powered(): Promise<PowerAction> {
    return this.#powered.promise;
  }

  /** Counts one start of machined. */
  machinedStarted(): number {
    this.#machinedStarts += 1;
    return this.#machinedStarts;
  }

  /** Who hears events from now on; undefined for nobody. */
  listen(listener: ((event: SupervisorEvent) => void) | undefined): void {
    this.#listener = listener;
    if (this.#stopRequested !== undefined) listener?.(this.#stopRequested);
  }

  list(): readonly SupervisedProcess[] {
    return this.#supervised.map(describe);
  }

  spawn(spec: SpawnSpec): SupervisedProcess {
    if (!ID.test(spec.id)) throw new Fault('invalid', 'the id of a service is 1 to 63 of a-z, 0-9 and -', { service: spec.id });
    if (this.#living(spec.id) !== undefined) throw new Fault('exists', `${spec.id} runs already`, { service: spec.id });
    const behaviour = this.#parts.programs.get(spec.id) ?? WELL_BEHAVED;
    if (behaviour.refusal !== undefined) throw new Fault('invalid', behaviour.refusal, { service: spec.id });
    this.#lastGeneration += 1;
    const { pid } = this.#parts.processes.add({
      argv: spec.argv,
      uid: spec.uid,
      gid: spec.gid,
      threads: 7,
      cgroup: `/${spec.cgroup?.path ?? ''}`,
    });
    const { unmet } = behaviour;
    const started = { id: spec.id, generation: this.#lastGeneration, pid, startedMs: this.#parts.clock.now(), unmet };
    const process: Supervised = { ...started, behaviour, isReady: false, exit: undefined, life: new AbortController() };
    this.#supervised.push(process);
    for (const line of behaviour.log) this.writeLog(spec.id, `${line}\n`);
    this.#live(process);
    return describe(process);
  }

  signal(id: string, signal: string): boolean {
    const process = this.#living(id);
    if (process === undefined) return false;
    if (signal === 'SIGKILL') this.#end(process, { kind: 'signalled', signal, coreDumped: false });
    else if (signal !== 'SIGHUP')
      this.#after(process, process.behaviour.stopAfterMs, () => this.#end(process, { kind: 'exited', code: 0 }));
    return true;
  }

  acknowledge(id: string, generation: number): void {
    this.#supervised = this.#supervised.filter((p) => p.exit === undefined || p.id !== id || p.generation !== generation);
  }

  power(action: PowerAction): void {
    this.close();
    this.#powered.resolve(action);
  }

  /** Ends the living process of an id, as the world might. */
  exit(id: string, exit: Exit): void {
    const process = this.#living(id);
    if (process === undefined) throw new Fault('missing', 'nothing lives under this id', { service: id });
    this.#end(process, exit);
  }

  /** Asks the machine to stop, as whoever runs it would. */
  requestStop(action: PowerAction): void {
    this.#stopRequested = { kind: 'stop-requested', action };
    this.#listener?.(this.#stopRequested);
  }

  /** Writes to the log of a service as it would; false when the FIFO is full and the text is lost. */
  writeLog(id: string, text: string): boolean {
    return this.#fifoOf(id).write(Buffer.from(text));
  }

  /** Ends everything that lives, silently. */
  close(): void {
    for (const process of this.#supervised) process.life.abort();
  }

  #fifoOf(id: string): FifoQueue {
    const queue = this.#fifos.get(id) ?? this.#parts.tree.addFifo(`/run/init/${id}.log`);
    this.#fifos.set(id, queue);
    return queue;
  }

  #living(id: string): Supervised | undefined {
    return this.#supervised.find((process) => process.id === id && process.exit === undefined);
  }

  #live(process: Supervised): void {
    const { id, generation, behaviour } = process;
    this.#fifoOf(id);
    this.#after(process, 0, () => {
      for (const problem of process.unmet) this.#listener?.({ kind: 'unmet', id, generation, problem });
    });
    this.#after(process, behaviour.readyAfterMs, () => {
      process.isReady = true;
      this.#listener?.({ kind: 'ready', id, generation });
    });
    this.#after(process, behaviour.exitAfterMs, () => this.#end(process, behaviour.exit));
  }

  #end(process: Supervised, exit: Exit): void {
    if (process.exit !== undefined) return;
    process.exit = exit;
    process.life.abort();
    this.#parts.processes.remove(process.pid);
    this.#listener?.({ kind: 'exited', id: process.id, generation: process.generation, pid: process.pid, exit });
  }

  /** Plans something in the life of a process; nothing comes of it when that ends before. */
  #after(process: Supervised, ms: number | undefined, act: () => void): void {
    if (ms === undefined) return;
    this.#parts.clock.sleep(ms, process.life.signal).then(act, (e: unknown) => {
      if (!isFault(e, 'cancelled')) throw e;
    });
  }
}

function describe({ id, generation, pid, startedMs, unmet, isReady, exit }: Supervised): SupervisedProcess {
  return { id, generation, pid, startedMs, isReady, exit, unmet };
}
