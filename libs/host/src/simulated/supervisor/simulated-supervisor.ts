import { aborted, Fault, Mailbox, throwIfAborted } from '@minos/base';
import type { PowerAction, SpawnSpec, SupervisedProcess, Supervisor, SupervisorEvent } from '../../port/supervisor.ts';
import type { SimulatedInit } from './simulated-init.ts';

const EVENTS_MAX = 8192;

/** The supervisor port of one simulated machined. */
export class SimulatedSupervisor implements Supervisor {
  readonly machinedStarts: number;
  readonly #init: SimulatedInit;
  readonly #closing = new AbortController();
  #reader: Mailbox<SupervisorEvent> | undefined;

  constructor(init: SimulatedInit) {
    this.#init = init;
    this.machinedStarts = init.machinedStarted();
  }

  async list(): Promise<readonly SupervisedProcess[]> {
    return this.#open().list();
  }

  async spawn(spec: SpawnSpec): Promise<SupervisedProcess> {
    return this.#open().spawn(spec);
  }

  async signal(id: string, signal: 'SIGTERM' | 'SIGKILL' | 'SIGHUP' | 'SIGINT'): Promise<boolean> {
    return this.#open().signal(id, signal);
  }

  async acknowledge(id: string, generation: number): Promise<void> {
    this.#open().acknowledge(id, generation);
  }

  events(signal: AbortSignal): AsyncIterable<SupervisorEvent> {
    throwIfAborted(signal);
    if (this.#reader !== undefined) throw new Fault('precondition', 'the events of init have a reader already');
    const mailbox = new Mailbox<SupervisorEvent>(EVENTS_MAX);
    this.#reader = mailbox;
    this.#open().listen((event) => void mailbox.push(event));
    const ending = AbortSignal.any([signal, this.#closing.signal]);
    ending.addEventListener('abort', () => this.#leave(mailbox), { once: true });
    return this.#read(mailbox);
  }

  async ready(): Promise<void> {
    this.#open();
  }

  logFifo(id: string): string {
    return `/run/init/${id}.log`;
  }

  async power(action: PowerAction): Promise<void> {
    this.#open().power(action);
    this.#reader?.end();
    await aborted(this.#closing.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
  }

  #open(): SimulatedInit {
    if (this.#closing.signal.aborted) throw new Fault('unavailable', 'the connection to init has ended');
    return this.#init;
  }

  async *#read(mailbox: Mailbox<SupervisorEvent>): AsyncGenerator<SupervisorEvent, void, undefined> {
    try {
      yield* mailbox;
    } finally {
      this.#leave(mailbox);
    }
  }

  #leave(mailbox: Mailbox<SupervisorEvent>): void {
    mailbox.end();
    if (this.#reader !== mailbox) return;
    this.#reader = undefined;
    this.#init.listen(undefined);
  }
}
