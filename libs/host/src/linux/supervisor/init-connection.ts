import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { Fault, type FaultFields, Mailbox, throwIfAborted } from '@minos/base';
import type { PowerAction, SpawnSpec, SupervisedProcess, Supervisor, SupervisorEvent } from '../../port/supervisor.ts';
import {
  ASK,
  decodeInitMessage,
  encodeAck,
  encodeHello,
  encodePlain,
  encodePower,
  encodeSignal,
  encodeSpawn,
  type InitMessage,
  PROTOCOL_VERSION,
} from './codec.ts';
import { FrameSplitter } from './frame-splitter.ts';

/** init keeps at most 512 processes, each with a few events: a reader that is further behind has stopped reading. */
const EVENTS_MAX = 8192;

type Answer = Exclude<InitMessage, { kind: 'events' }>;
interface Reply {
  readonly answer: Answer;
  readonly processes: readonly SupervisedProcess[];
}
interface Waiting {
  /** A list is answered by any number of processes before `done`. */
  readonly isList: boolean;
  readonly processes: SupervisedProcess[];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (e: unknown) => void;
}

/** The supervisor port over one connection to init; when that ends, everything that waits fails with `unavailable`. */
export class InitConnection implements Supervisor {
  readonly #socket: Socket;
  readonly #splitter = new FrameSplitter();
  readonly #waiting = new Map<number, Waiting>();
  readonly #closed: Promise<void>;
  #lastRequest = 0;
  #machinedStarts = 0;
  #reader: Mailbox<SupervisorEvent> | undefined;
  #stopRequested: SupervisorEvent | undefined;
  #end: Fault | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#finish(new Fault('unavailable', 'the connection to init has ended'));
        resolve();
      });
    });
    socket.on('error', (e) => this.#finish(new Fault('unavailable', 'the connection to init failed', {}, { cause: e })));
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
  }

  /** Must be the first thing said; throws `precondition` when init speaks another version. */
  async greet(): Promise<void> {
    const { answer } = await this.#ask(encodeHello);
    if (answer.kind !== 'hello' || answer.version !== PROTOCOL_VERSION) {
      throw new Fault('precondition', 'init speaks another version of the protocol', { wanted: PROTOCOL_VERSION });
    }
    this.#machinedStarts = answer.machinedStarts;
  }

  get machinedStarts(): number {
    return this.#machinedStarts;
  }

  async list(): Promise<readonly SupervisedProcess[]> {
    const { processes } = await this.#ask((request) => encodePlain(ASK.list, request));
    return processes;
  }

  async spawn(spec: SpawnSpec): Promise<SupervisedProcess> {
    const { answer } = await this.#ask((request) => encodeSpawn(request, spec), { service: spec.id });
    if (answer.kind !== 'process') throw new Fault('internal', 'init answered a start with something else', { service: spec.id });
    return answer.process;
  }

  async signal(id: string, signal: 'SIGTERM' | 'SIGKILL' | 'SIGHUP' | 'SIGINT', scope: 'process' | 'group'): Promise<boolean> {
    const options = { signal: constants.signals[signal], isGroup: scope === 'group' };
    const { answer } = await this.#ask((request) => encodeSignal(request, id, options), { service: id });
    return answer.kind === 'signalled' && answer.isSent;
  }

  async acknowledge(id: string, generation: number): Promise<void> {
    await this.#ask((request) => encodeAck(request, id, generation), { service: id });
  }

  events(signal: AbortSignal): AsyncIterable<SupervisorEvent> {
    throwIfAborted(signal);
    if (this.#reader !== undefined) throw new Fault('precondition', 'the events of init have a reader already');
    const mailbox = new Mailbox<SupervisorEvent>(EVENTS_MAX);
    this.#reader = mailbox;
    if (this.#stopRequested !== undefined) mailbox.push(this.#stopRequested);
    if (this.#end !== undefined) mailbox.end();
    signal.addEventListener('abort', () => this.#leave(mailbox), { once: true });
    return this.#read(mailbox);
  }

  async ready(): Promise<void> {
    await this.#ask((request) => encodePlain(ASK.ready, request));
  }

  logFifo(id: string): string {
    return `/run/init/${id}.log`;
  }

  async power(action: PowerAction): Promise<void> {
    await this.#ask((request) => encodePower(request, action), { action });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    await this.#closed;
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
    if (this.#reader === mailbox) this.#reader = undefined;
  }

  async #ask(encode: (request: number) => Buffer, fields: FaultFields = {}): Promise<Reply> {
    if (this.#end !== undefined) throw this.#end;
    this.#lastRequest = (this.#lastRequest % 0xffff_ffff) + 1;
    const request = this.#lastRequest;
    const frame = encode(request);
    const processes: SupervisedProcess[] = [];
    const answer = await new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(request, { isList: frame[4] === ASK.list, processes, resolve, reject });
      this.#socket.write(frame);
    });
    if (answer.kind === 'error') throw new Fault(answer.fault, answer.text, fields);
    return { answer, processes };
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#splitter.push(chunk)) {
        const message = decodeInitMessage(frame);
        if (!message.ok) throw new Fault('data-loss', 'init sent a frame that is not of protocol v1', { bytes: frame.length });
        if (message.value.kind === 'events') this.#deliver(message.value.events);
        else this.#answer(message.value);
      }
    } catch (e) {
      this.#finish(new Fault('data-loss', 'the connection to init is out of step', {}, { cause: e }));
      this.#socket.destroy();
    }
  }

  #answer(answer: Answer): void {
    const waiting = this.#waiting.get(answer.request);
    if (waiting === undefined)
      throw new Fault('data-loss', 'init answered a request that nobody made', { request: answer.request });
    if (answer.kind === 'process' && waiting.isList) {
      waiting.processes.push(answer.process);
      return;
    }
    this.#waiting.delete(answer.request);
    waiting.resolve(answer);
  }

  #deliver(events: readonly SupervisorEvent[]): void {
    for (const event of events) {
      if (event.kind === 'stop-requested') this.#stopRequested = event;
      if (this.#reader !== undefined && !this.#reader.push(event) && this.#reader.size >= EVENTS_MAX) {
        throw new Fault('exhausted', 'the reader of events is too far behind', { limit: EVENTS_MAX });
      }
    }
  }

  #finish(reason: Fault): void {
    this.#end ??= reason;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#end);
    this.#waiting.clear();
    this.#reader?.end();
  }
}
