import type { Duplex } from 'node:stream';
import { type Clock, isFault } from '@minos/base';
import { BlockPool } from './block-pool.ts';
import { Conn } from './conn.ts';
import type { OwnerOf } from './conn-owner.ts';
import type { ConnShared } from './conn-shared.ts';
import { ErrorCode } from './error-code.ts';
import { FlushQueue } from './flush-queue.ts';
import { FRAME_HEADER, MAX_FRAME } from './frame-type.ts';
import { DEFAULT_LIMITS, type Http2Limits } from './limits.ts';
import type { LivenessLimits } from './liveness.ts';
import { type LimitName, ProcessUse } from './process-use.ts';
import { WindowBudget } from './window-budget.ts';

/** Who owns a connection and hears about it. */
export type ConnOwner = OwnerOf<Conn>;

/** How to set up the HTTP/2 of a process. */
export interface EngineOptions {
  readonly clock: Clock;
  /** Those that differ from DEFAULT_LIMITS. */
  readonly limits?: Partial<Http2Limits>;
}

/** How to set up a connection. */
export interface OpenOptions {
  readonly role: 'client' | 'server';
  readonly owner: ConnOwner;
  /** Instead of those among the limits. */
  readonly liveness?: LivenessLimits;
}

interface Open {
  readonly conn: Conn;
  readonly socket: Duplex;
  /** Since when it is closed for us, and only waits for the other end. */
  leftAtMs: number | undefined;
}

/** One write of 256 KiB costs a tenth less CPU under TLS than four of 64 KiB; room for whole frames of either usual size. */
const LARGE_BLOCK = 16 * (MAX_FRAME + FRAME_HEADER);
const SMALL_BLOCK = 64 * 1024;
const SMALL_CHUNK = 4 * 1024;
const LARGE_CHUNK = 16 * 1024;
const LINGER_MS = 1000;

/** What all HTTP/2 connections of a process share: buffers, limits, one flush for each turn, one timer for keepalive. */
export class Engine {
  readonly #shared: ConnShared;
  readonly #clock: Clock;
  readonly #open = new Set<Open>();
  readonly #pools: readonly BlockPool[];

  constructor({ clock, limits }: EngineOptions) {
    const output = { small: new BlockPool(SMALL_BLOCK, 64), large: new BlockPool(LARGE_BLOCK, 12) };
    const small = new BlockPool(SMALL_CHUNK, 256);
    const large = new BlockPool(LARGE_CHUNK, 128);
    const all = { ...DEFAULT_LIMITS, ...limits };
    this.#clock = clock;
    this.#pools = [output.small, output.large, small, large];
    this.#shared = {
      limits: all,
      output,
      chunks: { small, large },
      queue: new FlushQueue(),
      budget: new WindowBudget(all.windowGrowth),
      use: new ProcessUse(),
      monotonicMs: () => clock.monotonicMs(),
    };
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#open.size;
  }

  /** How many streams clients have open. */
  get streams(): number {
    return this.#shared.use.streams;
  }

  /** Bytes of clients' calls that wait in this process. */
  get heldBytes(): number {
    return this.#shared.use.heldBytes;
  }

  /** How often each limit was reached, for those that were. */
  get limitsReached(): ReadonlyMap<LimitName, number> {
    return this.#shared.use.hits;
  }

  /**
   * Makes a connection of a socket, which must be connected or connecting, and which the connection owns from now on. Whoever
   * reads the socket hands the bytes to `receive`.
   */
  open(socket: Duplex, options: OpenOptions): Conn {
    const conn = new Conn(socket, { ...options, shared: this.#shared });
    const open: Open = { conn, socket, leftAtMs: undefined };
    this.#open.add(open);
    socket.once('close', () => this.#open.delete(open));
    return conn;
  }

  /** Looks after keepalive, and after connections whose other end does not close, until it is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { keepaliveIdleMs, keepaliveTimeoutMs, prefaceMs, settingsAckMs, headerBlockMs, idleMs } = this.#shared.limits;
    const shortest = Math.min(keepaliveIdleMs, keepaliveTimeoutMs, prefaceMs, settingsAckMs, headerBlockMs, idleMs);
    const everyMs = Math.max(10, Math.min(LINGER_MS, shortest / 5));
    try {
      for (;;) {
        await this.#clock.sleep(everyMs, signal);
        for (const open of [...this.#open]) this.#check(open);
        this.#endWorst();
      }
    } catch (e) {
      if (!isFault(e, 'cancelled')) throw e;
    }
  }

  /** Gives up buffers that wait for use. */
  trim(): void {
    for (const pool of this.#pools) pool.trim();
  }

  /** When too much waits, whoever holds most of it goes, so that the others may stay. */
  #endWorst(): void {
    const { use, limits } = this.#shared;
    if (use.heldBytes <= limits.heldTotal) return;
    let worst: Conn | undefined;
    for (const { conn } of this.#open) {
      if (conn.role === 'server' && !conn.isClosed && conn.heldBytes > (worst?.heldBytes ?? 0)) worst = conn;
    }
    use.hit('heldTotal');
    worst?.fail(ErrorCode.enhanceYourCalm, 'more waits for this client than it may keep');
  }

  #check(open: Open): void {
    if (!open.conn.isClosed) {
      open.conn.checkLiveness();
      return;
    }
    const nowMs = this.#clock.monotonicMs();
    open.leftAtMs ??= nowMs;
    if (nowMs - open.leftAtMs >= LINGER_MS) open.socket.destroy();
  }
}
