/** How many connections clients may have. */
export interface ConnectionLimits {
  readonly connections: number;
  /** From one address. */
  readonly connectionsPerPeer: number;
}

/** The limits unless somebody says otherwise. */
export const CONNECTION_LIMITS: ConnectionLimits = { connections: 1000, connectionsPerPeer: 500 };

/** So many more are let in to be told that they are too many; those beyond are closed unheard. */
const LOBBY = 64;

/** The connections of clients, handshakes included, by the addresses that they come from. */
export class ClientCount {
  readonly #limits: ConnectionLimits;
  readonly #byPeer = new Map<string, number>();
  #total = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** One more; gives what to do with it: `take` it, `tell` it that there are too many, or `close` it. */
  add(peer: string): 'take' | 'tell' | 'close' {
    const { connections, connectionsPerPeer } = this.#limits;
    const ofPeer = (this.#byPeer.get(peer) ?? 0) + 1;
    this.#byPeer.set(peer, ofPeer);
    this.#total++;
    const over = Math.max(this.#total - connections, ofPeer - connectionsPerPeer);
    if (over <= 0) return 'take';
    return over > LOBBY ? 'close' : 'tell';
  }

  /** One less. */
  remove(peer: string): void {
    const left = (this.#byPeer.get(peer) ?? 0) - 1;
    if (left > 0) this.#byPeer.set(peer, left);
    else this.#byPeer.delete(peer);
    this.#total--;
  }
}
