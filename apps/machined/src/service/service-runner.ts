import { type BackoffPolicy, backoffMs, type Clock, isFault, type Logger, messageOf } from '@minos/base';
import type { Exit, SupervisedProcess, Supervisor, SupervisorEvent } from '@minos/host';
import { type Condition, describeConditions } from '../condition/condition.ts';
import { Notice } from '../event/notice.ts';
import type { EndWatch } from './end-watch.ts';
import { describeExit, eventOfExit } from './exit-outcome.ts';
import type { ServiceDefinition } from './service-definition.ts';
import { ServiceRecord, type ServiceSnapshot } from './service-record.ts';
import { isDown, mayHaveProcess, NEXT, type ServiceEvent, type ServiceState } from './service-table.ts';

/** What a runner needs from around it. */
export interface RunnerDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly supervisor: Supervisor;
  readonly ends: EndWatch;
  /** Resolves when another service is up. */
  readonly untilUp: (id: string, signal: AbortSignal) => Promise<void>;
  /** Called after every change of state. */
  readonly onChange: (snapshot: ServiceSnapshot) => void;
}

type ProcessEvent = Exclude<SupervisorEvent, { kind: 'stop-requested' }>;

/** A first end costs next to nothing; one that ends again and again waits four times as long each time. */
const BACKOFF: BackoffPolicy = { firstMs: 50, factor: 4, maxMs: 60_000 };
/** A service that ran this long starts over with the shortest wait. */
const SETTLED_MS = 10_000;
const NONE: ReadonlySet<Condition> = new Set();

/** Runs one service: each state has one piece of work, which begins when the state is entered and is given up when it is left. */
export class ServiceRunner implements AsyncDisposable {
  readonly definition: ServiceDefinition;
  readonly #deps: RunnerDeps;
  readonly #record: ServiceRecord;
  readonly #changed = new Notice();
  readonly #working = new Set<Promise<void>>();
  #leave = new AbortController();
  #process: Pick<SupervisedProcess, 'pid' | 'generation'> | undefined;
  #spawning: Promise<void> | undefined;
  #early: ProcessEvent[] = [];
  #failures = 0;
  #unmet: ReadonlySet<Condition> = NONE;
  #isClosed = false;

  constructor(definition: ServiceDefinition, deps: RunnerDeps) {
    this.definition = definition;
    this.#deps = deps;
    this.#record = new ServiceRecord(deps.clock);
  }

  get state(): ServiceState {
    return this.#record.state;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** What it waits for at this moment. */
  get unmet(): readonly Condition[] {
    return [...this.#unmet];
  }

  snapshot(): ServiceSnapshot {
    const { state, health, events } = this.#record;
    return { id: this.definition.id, state, pid: this.pid, health, events };
  }

  /** Takes an event; false when it means nothing in this state. */
  dispatch(event: ServiceEvent, message: string): boolean {
    const next = NEXT[this.state][event];
    if (next === null || this.#isClosed) return false;
    if (event === 'start') this.#failures = 0;
    this.#leave.abort();
    this.#leave = new AbortController();
    this.#unmet = NONE;
    this.#record.enter(next, message);
    this.#deps.log.info({ service: this.definition.id, state: next, pid: this.pid, reason: message }, 'service state changed');
    this.#deps.onChange(this.snapshot());
    this.#changed.wake();
    this.#work(next, this.#leave.signal);
    return true;
  }

  /** Takes over a process that an earlier run of machined started, or its unacknowledged end. */
  adopt(process: SupervisedProcess): void {
    this.#process = process;
    if (process.exit !== undefined) {
      this.#acknowledge(process.generation);
      this.#process = undefined;
      this.#deps.log.info({ service: process.id, exit: describeExit(process.exit) }, 'service ended while machined was away');
      this.#inBackground(this.#noteMissedEnd(process.pid, process.exit));
      return;
    }
    const message = `Process with PID ${process.pid} runs since before this start of machined`;
    this.dispatch(process.isReady ? 'adoptedReady' : 'adopted', message);
  }

  /** Takes what the supervisor tells about this id. */
  onProcessEvent(event: ProcessEvent): void {
    if (this.#spawning !== undefined) this.#early.push(event);
    else this.#take(event);
  }

  /** Resolves when the service is in a state that satisfies the predicate, or the signal is aborted. */
  async until(isWanted: (state: ServiceState) => boolean, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !isWanted(this.state)) await this.#changed.wait(signal);
    signal.throwIfAborted();
  }

  /** Resolves when its process is on its way, or could not be prepared. */
  async untilTried(signal: AbortSignal): Promise<void> {
    const isBefore = (state: ServiceState): boolean => state === 'initialized' || state === 'waiting' || state === 'preparing';
    await this.until((state) => this.#failures > 0 || !isBefore(state), signal);
  }

  /** Asks it to stop and waits until it is down. */
  async stop(signal: AbortSignal): Promise<void> {
    this.dispatch('stop', 'Stopping as asked');
    await this.until(isDown, signal);
  }

  /** Gives up what it is doing and leaves its process alone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#leave.abort();
    await Promise.allSettled(this.#working);
  }

  #work(state: ServiceState, signal: AbortSignal): void {
    const work = this.#workOf(state, signal).catch((e: unknown) => {
      if (signal.aborted) return;
      this.#failures += 1;
      this.dispatch('failed', `Failed: ${messageOf(e)}`);
    });
    this.#inBackground(work);
  }

  #inBackground(work: Promise<void>): void {
    this.#working.add(work);
    work.finally(() => this.#working.delete(work)).catch(() => undefined);
  }

  async #workOf(state: ServiceState, signal: AbortSignal): Promise<void> {
    switch (state) {
      case 'waiting':
        return this.#wait(signal);
      case 'preparing':
        await this.definition.prepare(signal);
        if (!signal.aborted) this.dispatch('prepared', 'Creating service runner');
        return;
      case 'starting':
        await Promise.all([this.#start(), this.#untilMet(this.definition.awaits, signal)]);
        return;
      case 'running':
        await this.#deps.clock.sleep(SETTLED_MS, signal);
        this.#failures = 0;
        return;
      case 'stopping':
        return this.#end(signal);
      case 'failed':
      case 'finished':
      case 'initialized':
      case 'skipped':
        return;
    }
  }

  async #wait(signal: AbortSignal): Promise<void> {
    await this.#deps.clock.sleep(backoffMs(BACKOFF, this.#failures), signal);
    const up = this.definition.dependsOn.map(
      (id): Condition => ({
        description: `service "${id}" to be "up"`,
        subject: `service/${id}`,
        wait: (until) => this.#deps.untilUp(id, until),
      }),
    );
    const conditions = [...up, ...this.definition.conditions];
    await this.#untilMet(conditions, signal);
    if (!signal.aborted) this.dispatch('met', 'Running pre state');
  }

  /** Waits for all of them; what does not hold at once is told. */
  async #untilMet(conditions: readonly Condition[], signal: AbortSignal): Promise<void> {
    const unmet = new Set(conditions);
    this.#unmet = unmet;
    const note = this.#noteUnmet(unmet, signal);
    await Promise.all(
      conditions.map(async (condition) => {
        await condition.wait(signal);
        unmet.delete(condition);
      }),
    );
    await note;
  }

  /** What holds at once is not worth an entry. */
  async #noteUnmet(unmet: ReadonlySet<Condition>, signal: AbortSignal): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (unmet.size === 0 || signal.aborted) return;
    this.#record.enter(this.state, `Waiting for ${describeConditions([...unmet])}`);
    this.#deps.onChange(this.snapshot());
  }

  /** Starts the process, unless one was adopted; what the supervisor tells meanwhile is taken afterwards. */
  async #start(): Promise<void> {
    if (this.#process !== undefined) return;
    const spawning = this.#spawn();
    this.#spawning = spawning.then(() => undefined);
    this.#spawning.catch(() => undefined);
    try {
      if ((await spawning)?.isReady === true) this.dispatch('ready', this.#readyMessage());
    } finally {
      this.#spawning = undefined;
      for (const event of this.#early.splice(0)) this.#take(event);
    }
  }

  async #spawn(): Promise<SupervisedProcess | undefined> {
    const { supervisor, log } = this.#deps;
    let started: SupervisedProcess | undefined;
    await this.#deps.ends.begin(this.definition.id);
    try {
      started = await supervisor.spawn(this.definition.spawnSpec());
    } catch (e) {
      if (!isFault(e, 'exists')) throw e;
      started = await this.#findLiving();
    }
    this.#process = started;
    log.info({ service: this.definition.id, pid: this.pid }, 'service started');
    return started;
  }

  /** A process lives under the id although nobody told: take it. */
  async #findLiving(): Promise<SupervisedProcess | undefined> {
    const processes = await this.#deps.supervisor.list();
    return processes.find((process) => process.id === this.definition.id && process.exit === undefined);
  }

  async #end(signal: AbortSignal): Promise<void> {
    const { supervisor, clock } = this.#deps;
    const { id, graceMs } = this.definition;
    await this.#spawning?.catch(() => undefined);
    if (this.#process === undefined || !(await supervisor.signal(id, 'SIGTERM', 'process'))) {
      if (this.#process === undefined) this.dispatch('exited', 'Service was not running');
      return;
    }
    await clock.sleep(graceMs, signal);
    this.#deps.log.warn({ service: id, pid: this.pid, graceMs }, 'service did not stop in time, killing it');
    await supervisor.signal(id, 'SIGKILL', 'group');
  }

  #take(event: ProcessEvent): void {
    if (event.kind === 'exited') this.#acknowledge(event.generation);
    if (event.generation !== this.#process?.generation) return;
    if (event.kind === 'ready') {
      this.dispatch('ready', this.#readyMessage());
    } else if (event.kind === 'unmet') {
      this.#deps.log.warn({ service: this.definition.id, problem: event.problem }, 'a limit of the service could not be set');
    } else {
      this.#inBackground(this.#ended(event));
    }
  }

  /** The process stays that of the service until it is known why it ended, so that a stop meanwhile waits for that. */
  async #ended({ pid, generation, exit }: Extract<ProcessEvent, { kind: 'exited' }>): Promise<void> {
    const why = await this.#deps.ends.explain(this.definition.id, exit);
    if (this.#process?.generation !== generation) return;
    const wasWanted = mayHaveProcess(this.state) && this.state !== 'stopping';
    if (wasWanted) this.#failures += 1;
    this.#process = undefined;
    this.dispatch(eventOfExit(exit), `Process ${pid} ${why ?? describeExit(exit)}`);
  }

  /** Puts on record why a process ended while machined was away, when more is known than that it did. */
  async #noteMissedEnd(pid: number, exit: Exit): Promise<void> {
    const why = await this.#deps.ends.explain(this.definition.id, exit);
    if (why === undefined || this.#isClosed) return;
    this.#record.enter(this.state, `Process ${pid} ${why}, while machined was away`);
    this.#deps.onChange(this.snapshot());
  }

  #readyMessage(): string {
    return `Started process ${this.definition.id} (PID ${this.pid})`;
  }

  #acknowledge(generation: number): void {
    const { supervisor, log } = this.#deps;
    supervisor.acknowledge(this.definition.id, generation).catch((e: unknown) => {
      log.warn({ service: this.definition.id, err: messageOf(e) }, 'the end of a process could not be acknowledged');
    });
  }
}
