import { type Clock, Fault, type Logger, messageOf } from '@minos/base';
import type { PowerAction, SupervisedProcess, Supervisor, SupervisorEvent } from '@minos/host';
import { Notice } from '../event/notice.ts';
import type { EndWatch } from './end-watch.ts';
import { ProgramRunner } from './program-runner.ts';
import type { ServiceDefinition } from './service-definition.ts';
import type { ServiceSnapshot } from './service-record.ts';
import { ServiceRunner } from './service-runner.ts';
import { isDown } from './service-table.ts';

/** What the manager of services needs. */
export interface ServiceManagerOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly supervisor: Supervisor;
  /** What init tells, since before `adopted` was listed. */
  readonly events: AsyncIterable<SupervisorEvent>;
  /** What init held when machined started. */
  readonly adopted: readonly SupervisedProcess[];
  /** Knows why processes end. */
  readonly ends: EndWatch;
  /** Called after every change of any service. */
  readonly onChange: (snapshot: ServiceSnapshot) => void;
}

/** Starts, watches and stops the services of the node. */
export class ServiceManager implements AsyncDisposable {
  /** Runs what is no service. */
  readonly programs: ProgramRunner;
  readonly #options: ServiceManagerOptions;
  readonly #runners = new Map<string, ServiceRunner>();
  readonly #changed = new Notice();
  readonly #adopted: Map<string, SupervisedProcess[]>;
  #isClosing = false;

  constructor(options: ServiceManagerOptions) {
    this.#options = options;
    this.programs = new ProgramRunner(options.supervisor, options.clock);
    this.#adopted = Map.groupBy(options.adopted, (process) => process.id);
  }

  /** Makes a service known, and takes over its process when one lives. */
  load(definition: ServiceDefinition): void {
    if (this.#runners.has(definition.id)) return;
    const { clock, log, supervisor, ends } = this.#options;
    const runner = new ServiceRunner(definition, {
      clock,
      log,
      supervisor,
      ends,
      untilUp: (id, signal) => this.untilUp(id, signal),
      onChange: (snapshot) => {
        this.#options.onChange(snapshot);
        this.#changed.wake();
      },
    });
    this.#runners.set(definition.id, runner);
    for (const process of this.#adopted.get(definition.id) ?? []) runner.adopt(process);
    this.#adopted.delete(definition.id);
    this.#changed.wake();
  }

  /** Every service that is known, by id. */
  list(): readonly ServiceSnapshot[] {
    return [...this.#runners.values()].map((runner) => runner.snapshot()).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  has(id: string): boolean {
    return this.#runners.has(id);
  }

  pidOf(id: string): number | undefined {
    return this.#runners.get(id)?.pid;
  }

  /** Ids, in the graph of waits, of what a service waits for at this moment. */
  unmetOf(id: string): readonly string[] {
    return this.#runners.get(id)?.unmet.map(({ subject }) => subject) ?? [];
  }

  /** Starts services; what runs already, or is being started, is left alone. Throws `missing` for an unknown one. */
  start(...ids: readonly string[]): void {
    if (this.#isClosing) throw new Fault('precondition', 'the machine is going down; no service is started any more');
    for (const id of ids) this.#runner(id).dispatch('start', 'Starting service');
  }

  /** Stops one service and waits until it is down. */
  async stop(id: string, signal: AbortSignal): Promise<void> {
    await this.#runner(id).stop(signal);
  }

  /** Stops a service if it runs, and starts it. */
  async restart(id: string, signal: AbortSignal): Promise<void> {
    const runner = this.#runner(id);
    if (!isDown(runner.state)) await runner.stop(signal);
    this.start(id);
  }

  /** Whether a client may stop it; throws `missing` for an unknown one. */
  mayStop(id: string): boolean {
    return this.#runner(id).definition.mayStop;
  }

  /** Resolves when the service runs and is ready, or was skipped; waits for one that is not known yet. */
  async untilUp(id: string, signal: AbortSignal): Promise<void> {
    while (!this.#runners.has(id) && !signal.aborted) await this.#changed.wait(signal);
    await this.#runners.get(id)?.until((state) => state === 'running' || state === 'skipped', signal);
    signal.throwIfAborted();
  }

  /** Resolves when a service was tried to be started: its process is on its way, or could not be prepared. */
  untilTried(id: string, signal: AbortSignal): Promise<void> {
    return this.#runner(id).untilTried(signal);
  }

  /** Resolves at the next change of any service, or when the signal is aborted. */
  untilChange(signal: AbortSignal): Promise<void> {
    return this.#changed.wait(signal);
  }

  /** Stops everything, those first that depend on others; nothing is started afterwards. */
  async stopAll(signal: AbortSignal): Promise<void> {
    this.#isClosing = true;
    await Promise.all(
      [...this.#runners.values()].map(async (runner) => {
        await Promise.all(this.#dependents(runner.definition.id).map((other) => other.until(isDown, signal)));
        await runner.stop(signal);
      }),
    );
  }

  /** Hands on what init tells until its socket ends or the signal of the events is aborted. */
  async followSupervisor(onStopRequested: (action: PowerAction) => void): Promise<void> {
    for await (const event of this.#options.events) {
      if (event.kind === 'stop-requested') onStopRequested(event.action);
      else if (this.#runners.has(event.id)) this.#runners.get(event.id)?.onProcessEvent(event);
      else if (event.kind === 'exited') {
        this.programs.take(event);
        await this.#acknowledgeStray(event.id, event.generation);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#runners.values()].map((runner) => runner[Symbol.asyncDispose]()));
  }

  #dependents(id: string): ServiceRunner[] {
    return [...this.#runners.values()].filter((runner) => runner.definition.dependsOn.includes(id));
  }

  #runner(id: string): ServiceRunner {
    const runner = this.#runners.get(id);
    if (runner === undefined) throw new Fault('missing', `service "${id}" is not defined`);
    return runner;
  }

  async #acknowledgeStray(id: string, generation: number): Promise<void> {
    try {
      await this.#options.supervisor.acknowledge(id, generation);
    } catch (e) {
      this.#options.log.warn({ service: id, err: messageOf(e) }, 'the end of a process could not be acknowledged');
    }
  }
}
