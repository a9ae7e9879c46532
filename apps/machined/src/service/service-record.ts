import type { Clock } from '@minos/base';
import type { ServiceState } from './service-table.ts';

/** One entry in the history of a service. */
export interface RecordedEvent {
  readonly message: string;
  readonly state: ServiceState;
  readonly atMs: number;
}

/** How well a service does. */
export interface ServiceHealth {
  readonly isKnown: boolean;
  readonly isHealthy: boolean;
  readonly message: string;
  readonly changedMs: number;
}

/** What is known about a service at one moment. */
export interface ServiceSnapshot {
  readonly id: string;
  readonly state: ServiceState;
  readonly pid: number | undefined;
  readonly health: ServiceHealth;
  /** Oldest first. */
  readonly events: readonly RecordedEvent[];
}

const KEPT_EVENTS = 64;

/** The state, health and bounded history of one service. */
export class ServiceRecord {
  readonly #clock: Clock;
  #state: ServiceState = 'initialized';
  #events: RecordedEvent[] = [];
  #health: ServiceHealth;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#health = { isKnown: false, isHealthy: false, message: '', changedMs: clock.now() };
  }

  get state(): ServiceState {
    return this.#state;
  }

  get health(): ServiceHealth {
    return this.#health;
  }

  get events(): readonly RecordedEvent[] {
    return this.#events;
  }

  /** Notes that the service is in a state, and why. Its health follows: known and good only while it runs. */
  enter(state: ServiceState, message: string): void {
    this.#state = state;
    this.#events = [...this.#events.slice(1 - KEPT_EVENTS), { message, state, atMs: this.#clock.now() }];
    const isHealthy = state === 'running';
    const isKnown = state !== 'starting' && state !== 'preparing' && state !== 'initialized';
    if (isHealthy === this.#health.isHealthy && isKnown === this.#health.isKnown) return;
    this.#health = { isKnown, isHealthy, message: isHealthy ? '' : 'service not running', changedMs: this.#clock.now() };
  }
}
