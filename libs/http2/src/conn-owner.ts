import type { ConnShared } from './conn-shared.ts';
import type { Half } from './half.ts';
import type { Head } from './head.ts';
import type { LivenessLimits } from './liveness.ts';

/** Who owns a connection, which is a C, and hears about it. */
export interface OwnerOf<C> {
  /** Server: a client opened a stream. The owner sets `half.peer` before it returns, or answers at once. */
  request?(half: Half, head: Head, isEnd: boolean): void;
  /** The other end has sent its settings: it speaks HTTP/2. */
  ready?(conn: C): void;
  /** A stream is over: there is room for another. */
  streamEnded?(conn: C): void;
  /** The connection is gone, and every stream has been told. Called once. */
  closed?(conn: C, why: string): void;
  /** An owner or a peer threw, which is a bug; the connection is closed. */
  failed?(conn: C, error: unknown): void;
}

/** How a connection is set up. */
export interface ConnOptions<C> {
  readonly role: 'client' | 'server';
  readonly owner: OwnerOf<C>;
  readonly shared: ConnShared;
  /** Instead of those among the limits. */
  readonly liveness?: LivenessLimits;
}
