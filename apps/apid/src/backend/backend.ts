import { type BackoffPolicy, backoffMs, type Clock, isFault, type Logger, messageOf } from '@minos/base';
import type { Conn, Engine } from '@minos/http2';
import { type CallError, Status } from '../call/grpc-status.ts';
import { type Connected, type ConnectTimes, connectBackend, leaveBackend, type OpenSocket } from './backend-conn.ts';
import { connectProblem } from './connect-problem.ts';

/** Who waits for a connection. Exactly one of the two is called, once, unless it leaves before. */
export interface Waiter {
  connected(conn: Conn): void;
  refused(error: CallError): void;
}

/** How hard a backend tries. */
export interface BackendPolicy {
  readonly connectTimeoutMs: number;
  /** The same for its kernel alone, once it has not answered in time: calls to a dead node should not cost that much each. */
  readonly silentTimeoutMs: number;
  /** How long a call waits for a backend that refuses connections; 0: it fails with the first refusal. */
  readonly patienceMs: number;
  /** Between tries. An impatient backend fails calls at once meanwhile. */
  readonly backoff: BackoffPolicy;
}

/** What a backend is made of. */
export interface BackendOptions {
  readonly name: string;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Logger;
  readonly policy: BackendPolicy;
  readonly open: OpenSocket;
}

/** Streams on one connection: a peer that answers with a library of its own counts resets, and all streams share that fate. */
const MOST_STREAMS = 400;
const MOST_RESETS = 400;
const MOST_CONNECTIONS = 16;

interface Waiting {
  readonly waiter: Waiter;
  readonly sinceMs: number;
}

/**
 * One place that calls go to: a few connections, made when a call needs them, made again after a loss. A connection that has
 * reset many streams is left for a new one before the other end objects.
 */
export class Backend {
  readonly #options: BackendOptions;
  readonly #conns: Conn[] = [];
  readonly #times = new WeakMap<Conn, ConnectTimes>();
  readonly #waiting = new Set<Waiting>();
  readonly #closing = new AbortController();
  #connecting: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;
  #failure: { readonly error: CallError; readonly untilMs: number } | undefined;
  #failures = 0;
  #isSilent = false;

  constructor(options: BackendOptions) {
    this.#options = options;
  }

  /** Whether nothing would be lost by forgetting it. */
  get isIdle(): boolean {
    return this.#conns.length === 0 && this.#waiting.size === 0 && this.#connecting === undefined;
  }

  /** A connection with room for a stream; undefined when there is none now, and then the waiter is told. */
  acquire(waiter: Waiter): Conn | undefined {
    const conn = this.#usable();
    if (conn !== undefined) return conn;
    const nowMs = this.#options.clock.monotonicMs();
    const failure = this.#failure;
    if (
      this.#options.policy.patienceMs === 0 &&
      this.#connecting === undefined &&
      failure !== undefined &&
      nowMs < failure.untilMs
    ) {
      waiter.refused(failure.error);
      return undefined;
    }
    this.#waiting.add({ waiter, sinceMs: nowMs });
    this.#connect();
    return undefined;
  }

  /** How long it took to make one of its connections. */
  timesOf(conn: Conn): ConnectTimes | undefined {
    return this.#times.get(conn);
  }

  /** The waiter does not want to be told any more. */
  leave(waiter: Waiter): void {
    for (const waiting of this.#waiting) if (waiting.waiter === waiter) this.#waiting.delete(waiting);
  }

  /** Makes new connections from now on, as after a change of certificates; the old ones end with their last stream. */
  renew(): void {
    for (const conn of this.#conns.splice(0)) leaveBackend(conn);
    this.#failure = undefined;
    this.#failures = 0;
    this.#connecting?.stop.abort();
  }

  /** Ends everything; who waits is told. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#connecting?.stop.abort();
    await this.#connecting?.done;
    for (const conn of this.#conns.splice(0)) conn.destroy('shutting down');
    this.#refuseAll({ code: Status.unavailable, message: `${this.#options.name}: shutting down` });
  }

  #usable(): Conn | undefined {
    for (let at = 0; at < this.#conns.length; at++) {
      const conn = this.#conns[at];
      if (conn === undefined) continue;
      if (conn.resetsSent >= MOST_RESETS || conn.isDraining || conn.isClosed) {
        this.#conns.splice(at--, 1);
        if (!conn.isClosed) conn.drain();
      } else if (conn.canOpen && (conn.streams < MOST_STREAMS || this.#conns.length >= MOST_CONNECTIONS)) {
        return conn;
      }
    }
    return undefined;
  }

  #connect(): void {
    if (this.#connecting !== undefined || this.#closing.signal.aborted || this.#conns.length >= MOST_CONNECTIONS) return;
    const stop = new AbortController();
    const done = this.#connectWhileWanted(stop.signal).finally(() => {
      this.#connecting = undefined;
      if (this.#waiting.size > 0) this.#connect();
    });
    this.#connecting = { stop, done };
  }

  async #connectWhileWanted(signal: AbortSignal): Promise<void> {
    while (this.#waiting.size > 0 && !signal.aborted) {
      try {
        const connected = await connectBackend(this.#connectOptions(), signal);
        if (signal.aborted) return leaveBackend(connected.conn);
        this.#connected(connected);
        return;
      } catch (e) {
        if (signal.aborted) return;
        await this.#refused(e, signal);
      }
    }
  }

  #connectOptions() {
    const { engine, clock, open, policy, log, name } = this.#options;
    return {
      engine,
      clock,
      open,
      timeoutMs: policy.connectTimeoutMs,
      tcpTimeoutMs: this.#isSilent ? policy.silentTimeoutMs : policy.connectTimeoutMs,
      onClosed: (conn: Conn, why: string) => this.#closed(conn, why),
      onStreamEnded: () => this.#serve(),
      onFailed: (err: unknown) => log.error({ node: name, err }, 'handling of a backend connection failed'),
    };
  }

  #connected({ conn, times }: Connected): void {
    this.#times.set(conn, times);
    if (this.#failures > 0) this.#options.log.info({ node: this.#options.name }, 'backend is reachable again');
    this.#failure = undefined;
    this.#failures = 0;
    this.#isSilent = false;
    this.#conns.push(conn);
    this.#serve();
  }

  #closed(conn: Conn, why: string): void {
    const at = this.#conns.indexOf(conn);
    if (at < 0) return;
    this.#conns.splice(at, 1);
    this.#options.log.info({ node: this.#options.name, reason: why }, 'backend connection lost');
  }

  /** Gives connections to those who wait, and has another made for those for whom there is no room. */
  #serve(): void {
    for (const waiting of this.#waiting) {
      const conn = this.#usable();
      if (conn === undefined) {
        this.#connect();
        return;
      }
      this.#waiting.delete(waiting);
      waiting.waiter.connected(conn);
    }
  }

  async #refused(e: unknown, signal: AbortSignal): Promise<void> {
    const { clock, log, name, policy } = this.#options;
    const error = this.#errorOf(e);
    this.#failures++;
    const wasSilent = this.#isSilent;
    this.#isSilent = error.info?.reason === 'NO_ANSWER';
    if (this.#failures === 1) log.info({ node: name, reason: messageOf(e) }, 'backend cannot be reached');
    const pauseMs = backoffMs(policy.backoff, this.#failures);
    const nowMs = clock.monotonicMs();
    this.#failure = { error, untilMs: nowMs + pauseMs };
    for (const waiting of this.#waiting) {
      if (policy.patienceMs > 0 && nowMs + pauseMs - waiting.sinceMs <= policy.patienceMs) continue;
      // Who came while the other end was tried already gets a try of its own: it may have come back meanwhile.
      if (wasSilent && this.#isSilent && nowMs - waiting.sinceMs < policy.silentTimeoutMs / 2) continue;
      this.#waiting.delete(waiting);
      waiting.waiter.refused(error);
    }
    if (this.#waiting.size === 0) return;
    try {
      await clock.sleep(pauseMs, signal);
    } catch (sleepError) {
      if (!isFault(sleepError, 'cancelled')) throw sleepError;
    }
  }

  #errorOf(e: unknown): CallError {
    const { name } = this.#options;
    const evidence = messageOf(e);
    const problem = connectProblem(evidence, isFault(e) ? e.cause : undefined);
    return {
      code: Status.unavailable,
      message: `connection error: ${name}: ${evidence}: ${problem.meaning}`,
      info: { reason: problem.reason, hop: `endpoint → ${name}`, evidence, next: problem.next.replaceAll('%', name) },
    };
  }

  #refuseAll(error: CallError): void {
    for (const waiting of this.#waiting) {
      this.#waiting.delete(waiting);
      waiting.waiter.refused(error);
    }
  }
}
