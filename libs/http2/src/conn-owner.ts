import type { Conn } from './conn.ts';
import type { ConnShared } from './conn-shared.ts';
import type { Half } from './half.ts';
import type { Head } from './head.ts';
import type { LivenessLimits } from './liveness.ts';

/** Who owns a connection and hears about it. */
export interface ConnOwner {
  /** Server: a client opened a stream. The owner sets `half.peer` before it returns, or answers at once. */
  request?(half: Half, head: Head, isEnd: boolean): void;
  /** The other end has sent its settings: it speaks HTTP/2. */
  ready?(conn: Conn): void;
  /** A stream is over: there is room for another. */
  streamEnded?(conn: Conn): void;
  /** The connection is gone, and every stream has been told. Called once. */
  closed?(conn: Conn, why: string): void;
  /** An owner or a peer threw, which is a bug; the connection is closed. */
  failed?(conn: Conn, error: unknown): void;
}

/** How a connection is set up. */
export interface ConnOptions {
  readonly role: 'client' | 'server';
  readonly owner: ConnOwner;
  readonly shared: ConnShared;
  /** Instead of those among the limits. */
  readonly liveness?: LivenessLimits;
}
