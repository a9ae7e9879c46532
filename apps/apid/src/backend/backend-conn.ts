import type { Duplex } from 'node:stream';
import { type Clock, Fault, isFault } from '@minos/base';
import { type Conn, type ConnOwner, type Engine, ErrorCode } from '@minos/http2';

/** Opens a socket that hands what it reads to `receive`; it may still be connecting. */
export type OpenSocket = (receive: (bytes: Buffer) => void) => Duplex;

/** How long it took to make a connection, in milliseconds; each part begins where the one before ends. */
export interface ConnectTimes {
  /** Name and TCP, or the Unix socket. */
  readonly tcpMs: number;
  /** Undefined without TLS. */
  readonly tlsMs: number | undefined;
  /** Until the other end had spoken HTTP/2. */
  readonly http2Ms: number;
  /** When it was ready, monotonic. */
  readonly readyMs: number;
}

/** A connection that is ready. */
export interface Connected {
  readonly conn: Conn;
  readonly times: ConnectTimes;
}

/** What connecting needs. */
export interface ConnectOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly open: OpenSocket;
  readonly timeoutMs: number;
  /** For the first answer of its kernel alone. */
  readonly tcpTimeoutMs: number;
  /** Told when the connection is gone after it was made. */
  readonly onClosed: (conn: Conn, why: string) => void;
  readonly onStreamEnded: (conn: Conn) => void;
  /** Told of a bug in what handles the streams. */
  readonly onFailed: (error: unknown) => void;
}

/**
 * Makes a connection, and resolves when the other end has spoken HTTP/2. Throws a Fault `unavailable` that says why when it
 * cannot be made, or not in time; `cancelled` when aborted.
 */
export async function connectBackend(options: ConnectOptions, signal: AbortSignal): Promise<Connected> {
  const waiting = new AbortController();
  let isReady = false;
  let failure: unknown;
  const ready = Promise.withResolvers<Conn>();
  const stages = new ConnectStages(options.clock);
  const owner: ConnOwner = {
    ready: (conn) => {
      isReady = true;
      ready.resolve(conn);
    },
    closed: (conn, why) => {
      if (isReady) options.onClosed(conn, why);
      else ready.reject(new Fault('unavailable', why, {}, { cause: failure }));
    },
    streamEnded: options.onStreamEnded,
    failed: (_conn, error) => options.onFailed(error),
  };
  let conn: Conn | undefined;
  const socket = options.open((bytes) => conn?.receive(bytes));
  stages.watch(socket);
  // Before the connection hears of it.
  socket.once('error', (e: Error) => {
    failure = e;
  });
  conn = options.engine.open(socket, { role: 'client', owner });
  const giveUp = (why: string): void => {
    if (!isReady) conn?.destroy(why);
  };
  const stop = (): void => giveUp('no longer wanted');
  signal.addEventListener('abort', stop, { once: true });
  const limit = async (ms: number, isDue: () => boolean): Promise<void> => {
    try {
      await options.clock.sleep(ms, waiting.signal);
      if (isDue()) giveUp(`no answer within ${ms} ms`);
    } catch (e) {
      if (!isFault(e, 'cancelled')) throw e;
    }
  };
  const { timeoutMs, tcpTimeoutMs } = options;
  const limits = [limit(timeoutMs, () => true)];
  if (tcpTimeoutMs < timeoutMs) limits.push(limit(tcpTimeoutMs, () => !stages.hasTcp));
  try {
    return { conn: await ready.promise, times: stages.times() };
  } finally {
    signal.removeEventListener('abort', stop);
    waiting.abort();
    await Promise.all(limits);
  }
}

/** Notes when a socket reaches its stages. */
class ConnectStages {
  readonly #clock: Clock;
  readonly #startedMs: number;
  #tcpMs: number | undefined;
  #tlsMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
  }

  /** Whether the other end's kernel has answered. */
  get hasTcp(): boolean {
    return this.#tcpMs !== undefined;
  }

  watch(socket: Duplex): void {
    socket.once('connect', () => {
      this.#tcpMs = this.#clock.monotonicMs();
    });
    socket.once('secureConnect', () => {
      this.#tlsMs = this.#clock.monotonicMs();
    });
  }

  /** To be called when the connection is ready. */
  times(): ConnectTimes {
    const readyMs = this.#clock.monotonicMs();
    const tcp = this.#tcpMs ?? this.#startedMs;
    const tls = this.#tlsMs;
    return {
      tcpMs: tcp - this.#startedMs,
      tlsMs: tls === undefined ? undefined : tls - tcp,
      http2Ms: readyMs - (tls ?? tcp),
      readyMs,
    };
  }
}

/** Leaves a connection that nobody should use any more. */
export function leaveBackend(conn: Conn): void {
  if (conn.streams === 0) conn.fail(ErrorCode.noError, 'not needed any more');
  else conn.drain();
}
