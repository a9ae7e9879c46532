/** Of one call to many nodes, so many bytes of messages that are larger than a window may wait here. */
const MOST_LENT = 8 * 1024 * 1024;
/** So many may always go on: more than one, so that a node that stops in the middle of a message stops nobody else. */
const FAVOURED = 4;

/** Who wants to receive more of a message than its window holds. */
export interface Borrower {
  /** There may be room: to be asked for again. */
  retry(): void;
}

/**
 * What the nodes of a call to many may send beyond what went to the client: enough for each message to end, and no more. A
 * few at a time may always go on as long as the client reads, so that messages of any size end; the others share a bound.
 */
export class FanOutLoan {
  #lent = 0;
  #queued = 0;
  readonly #favoured = new Set<Borrower>();
  readonly #waiting = new Set<Borrower>();

  /** Bytes that are lent now. */
  get lentBytes(): number {
    return this.#lent;
  }

  /** Whether so many bytes more are lent; who gets them has to hand them back. Else it is told when to ask again. */
  take(borrower: Borrower, bytes: number): boolean {
    if (this.#favoured.size < FAVOURED) this.#favoured.add(borrower);
    const mayGoOn = this.#favoured.has(borrower) && this.#queued <= MOST_LENT;
    if (!mayGoOn && this.#lent + bytes > MOST_LENT) {
      this.#waiting.add(borrower);
      return false;
    }
    this.#lent += bytes;
    return true;
  }

  /** The message is whole and waits for the client, or the borrower wants no more: another one is favoured. */
  complete(borrower: Borrower, bytes: number): void {
    this.#queued += bytes;
    this.#waiting.delete(borrower);
    if (this.#favoured.delete(borrower)) this.#retry();
  }

  /** What was lent for a whole message went to the client. */
  giveBack(bytes: number): void {
    this.#queued -= bytes;
    this.#lent -= bytes;
    this.#retry();
  }

  #retry(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const borrower of waiting) borrower.retry();
  }
}
