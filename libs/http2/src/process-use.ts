/** Which limit a connection or a stream ran into. */
export type LimitName =
  | 'preface'
  | 'settingsAck'
  | 'idle'
  | 'keepalive'
  | 'streams'
  | 'streamsTotal'
  | 'headerList'
  | 'headerBlock'
  | 'headerBlocksTotal'
  | 'headerBlockTime'
  | 'flood'
  | 'resets'
  | 'unread'
  | 'heldByConnection'
  | 'heldTotal'
  | 'streamIds';

/** What all connections of a process use together, and how often each limit was reached. */
export class ProcessUse {
  /** Streams that clients have open. */
  streams = 0;
  /** Bytes of header blocks whose end has not come. */
  blockBytes = 0;
  /** Bytes of clients' calls that wait here, in either direction. */
  heldBytes = 0;
  /** Bytes that sockets were given and have not taken. */
  outputBytes = 0;
  readonly #hits = new Map<LimitName, number>();

  /** Notes that a limit was reached. */
  hit(name: LimitName): void {
    this.#hits.set(name, (this.#hits.get(name) ?? 0) + 1);
  }

  /** How often each limit was reached, for those that were. */
  get hits(): ReadonlyMap<LimitName, number> {
    return this.#hits;
  }
}
