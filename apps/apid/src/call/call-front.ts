import type { Peer } from '@minos/http2';

/** The client's side of a call: a stream of whichever HTTP/2 it came by. */
export interface CallFront extends Peer {
  /** Who gets what the client sends; set before anything can arrive. */
  peer: Peer | undefined;
  /** Whether headers went out, or wait to. */
  readonly isHeadSent: boolean;
}
