import type { Socket } from 'node:net';
import type { PeerCredentials, Peers } from '../../port/peers.ts';

/** Everyone who connects is the peer that the simulation says; undefined stands for nobody. */
export class SimulatedPeers implements Peers {
  #peer: PeerCredentials | undefined;

  constructor(peer: PeerCredentials | undefined) {
    this.#peer = peer;
  }

  async credentialsOf(socket: Socket): Promise<PeerCredentials | undefined> {
    return socket.destroyed ? undefined : this.#peer;
  }

  /** Who the next callers are. */
  set(peer: PeerCredentials | undefined): void {
    this.#peer = peer;
  }
}
