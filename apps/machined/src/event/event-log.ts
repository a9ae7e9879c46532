import type { Any } from '@minos/api/google';
import { type Clock, Fault } from '@minos/base';
import { eventIds } from './event-id.ts';
import { type MachineEvent, packEvent } from './machine-event.ts';
import { Notice } from './notice.ts';

/** One event that was published. */
export interface LoggedEvent {
  readonly id: string;
  readonly actorId: string;
  readonly data: Any;
  readonly atMs: number;
}

/** Where a reader begins, and which events it wants; at most one of the three beginnings may be given. */
export interface EventQuery {
  /** How many of the past; negative for all. */
  readonly tailEvents: number;
  /** Those after this id. */
  readonly tailId: string;
  /** Those of this many seconds. */
  readonly tailSeconds: number;
  /** Only those of this actor; empty for all. */
  readonly actorId: string;
}

const CAPACITY = 1000;
const SAFETY_GAP = 10;

/** The events since machined started, bounded; any number of readers, each at its own pace. */
export class EventLog {
  readonly #clock: Clock;
  readonly #nextId: (nowMs: number) => string;
  readonly #notice = new Notice();
  #events: LoggedEvent[] = [];
  /** Position of the first event that is kept. */
  #first = 0;

  constructor(clock: Clock, runBytes: Buffer) {
    this.#clock = clock;
    this.#nextId = eventIds(runBytes);
  }

  publish(event: MachineEvent, actorId = ''): void {
    const atMs = this.#clock.now();
    this.#events.push({ id: this.#nextId(atMs), actorId, data: packEvent(event), atMs });
    if (this.#events.length > CAPACITY + SAFETY_GAP) {
      const surplus = this.#events.length - CAPACITY;
      this.#events = this.#events.slice(surplus);
      this.#first += surplus;
    }
    this.#notice.wake();
  }

  /**
   * Past events as asked for, then each new one, until aborted. The place is taken at the call, not at the first read.
   * A reader that falls behind what is kept is ended. Throws `invalid` when more than one beginning is given.
   */
  read(query: EventQuery, signal: AbortSignal): AsyncIterable<LoggedEvent> {
    const from = this.#start(query);
    return this.#follow(from, query.actorId, signal);
  }

  async *#follow(from: number, actorId: string, signal: AbortSignal): AsyncGenerator<LoggedEvent> {
    let position = from;
    while (!signal.aborted) {
      if (position < this.#first) return;
      const event = this.#events[position - this.#first];
      if (event === undefined) {
        await this.#notice.wait(signal);
        continue;
      }
      position += 1;
      if (actorId === '' || event.actorId === actorId) yield event;
    }
  }

  #start({ tailEvents, tailId, tailSeconds }: EventQuery): number {
    const beginnings = [tailEvents !== 0, tailId !== '', tailSeconds !== 0].filter(Boolean).length;
    if (beginnings > 1) throw new Fault('invalid', 'give only one of tail_events, tail_id and tail_seconds');
    const end = this.#first + this.#events.length;
    const oldest = Math.max(this.#first, end - CAPACITY + SAFETY_GAP);
    if (tailEvents < 0) return oldest;
    if (tailEvents > 0) return Math.max(oldest, end - tailEvents);
    if (tailId !== '') return this.#firstWhere((event) => event.id > tailId, oldest);
    if (tailSeconds > 0) {
      const since = this.#clock.now() - tailSeconds * 1000;
      return this.#firstWhere((event) => event.atMs >= since, oldest);
    }
    return end;
  }

  #firstWhere(isWanted: (event: LoggedEvent) => boolean, oldest: number): number {
    const index = this.#events.findIndex(isWanted);
    return index < 0 ? this.#first + this.#events.length : Math.max(oldest, this.#first + index);
  }
}
